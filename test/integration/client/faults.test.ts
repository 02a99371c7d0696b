import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { comeBackAlone, killUnderLoad, provideGuest, stopped } from '../../soak/faults/daemon.ts';
import { comeBackLarge, flood, readAgain } from '../../soak/faults/flood.ts';
import {
  anyOrder,
  cutMidFrame,
  delayed,
  flapping,
  garbage,
  neverAnswers,
  stalled,
} from '../../soak/faults/network.ts';
import { type Scene, sceneOf } from '../../soak/faults/scenario.ts';
import { sshKilled } from '../../soak/faults/ssh.ts';
import {
  diskFull,
  givenUp,
  killedWhileStreaming,
  readerStalls,
  streamCut,
  type StreamScene,
} from '../../soak/faults/streams.ts';
import { type Holdings, holdings, leaksSince, useOwnRuntimeFolder } from '../../soak/support/leaks.ts';
import { provideVolume, SHORT_KEEPALIVE } from '../../soak/support/volume.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';

const SEED = 3;

let runtimeFolder: AsyncDisposable;
before(async () => {
  runtimeFolder = await useOwnRuntimeFolder();
});
after(() => runtimeFolder[Symbol.asyncDispose]());

/** npm test has the short form of each; npm run soak repeats them many times over. */
suite('After a fault nothing hangs, nothing is left over and the inventory is what virsh says:', () => {
  let daemon: PrivateDaemon;
  let scene: Scene;
  let held: Holdings;

  before(async () => {
    daemon = await startPrivateDaemon();
    scene = sceneOf(daemon, SEED);
    await provideGuest(daemon);
  });
  after(() => daemon?.dispose());
  beforeEach(async () => {
    held = await holdings();
  });
  afterEach(async () => {
    assert.deepEqual(await leaksSince(held), []);
  });

  test('a daemon that is killed under load, three times', async () => {
    for (let round = 0; round < 3; round++) await killUnderLoad(scene);
  });

  test('a daemon that is killed while nobody looks', () => comeBackAlone(scene));

  test('a daemon that is stopped', () => stopped(scene));

  test('a link that is cut in the middle of a frame', async () => {
    for (let round = 0; round < 4; round++) await cutMidFrame(scene);
  });

  test('a link that falls silent', async () => {
    for (let round = 0; round < 2; round++) await stalled(scene);
  });

  test('a link that is slow and in pieces', () => delayed(scene));
  test('a link that carries garbage', () => garbage(scene));
  test('a link that comes and goes', () => flapping(scene));
  test('a peer that takes the call and never answers', () => neverAnswers(scene));
  test('replies and events in any order', () => anyOrder(scene));

  test('ten thousand events, which never block the event loop for long', async () => {
    const { busyMs } = await flood(scene, { changes: 10_000, domains: 50 });
    assert.ok(busyMs <= 50, `blocked for ${busyMs.toFixed(0)} ms`);
  });

  test('a storm over a host of six hundred domains, which does not either', async () => {
    const { busyMs } = await readAgain(scene, 600);
    assert.ok(busyMs <= 50, `blocked for ${busyMs.toFixed(0)} ms`);
  });

  test('a large host that comes back as another one', async () => {
    const { busyMs } = await comeBackLarge(scene, 600);
    assert.ok(busyMs <= 50, `blocked for ${busyMs.toFixed(0)} ms`);
  });
});

suite('After a fault of a stream nothing hangs and nothing is left over:', () => {
  let scene: StreamScene;
  let held: Holdings;

  before(async () => {
    const daemon = await startPrivateDaemon({ settings: SHORT_KEEPALIVE });
    scene = { ...sceneOf(daemon, SEED), volume: await provideVolume(daemon, 8 * 1024 * 1024) };
  });
  after(() => scene?.daemon.dispose());
  beforeEach(async () => {
    held = await holdings();
  });
  afterEach(async () => {
    assert.deepEqual(await leaksSince(held), []);
  });

  test('a disk that is full', () => diskFull(scene));
  test('a reader that stalls', () => readerStalls(scene, 3000));
  test('a stream that is given up', () => givenUp(scene));

  test('a stream whose link breaks', async () => {
    for (let round = 0; round < 3; round++) await streamCut(scene);
  });

  test('a daemon that is killed while it streams', () => killedWhileStreaming(scene));
});

suite(
  'After ssh was killed nothing hangs, nothing is left over and the inventory is what virsh says:',
  () => {
    let daemon: PrivateDaemon;
    let server: SshServer;
    let held: Holdings;

    before(async () => {
      daemon = await startPrivateDaemon();
      server = await startSshServer();
    });
    after(async () => {
      await server?.[Symbol.asyncDispose]();
      await daemon?.dispose();
    });
    beforeEach(async () => {
      held = await holdings();
    });
    afterEach(async () => {
      assert.deepEqual(await leaksSince(held), []);
    });

    for (const kind of ['session', 'master'] as const)
      test(`its ${kind}`, () => sshKilled(sceneOf(daemon, SEED), server, kind));
  },
);
