import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { ConnectionClosedError } from '../../../src/client/rpc/error.ts';
import { connectGetHostname } from '../../../src/client/rpc/procedures/connect.ts';
import { cutAfter, FaultProxy, stallAfter } from '../support/fault-proxy.ts';
import { within } from '../support/hosts.ts';
import { openDownload, openRpc, type TestVolume, timesOpen } from '../support/volume.ts';
import { pidOf } from './daemon.ts';
import type { Scene } from './scenario.ts';

export interface StreamScene extends Scene {
  readonly volume: TestVolume;
}

/** The daemon lets go of a volume soon after its stream was aborted. */
async function untilReleased(scene: StreamScene): Promise<void> {
  const pid = await pidOf(scene.daemon);
  const deadline = performance.now() + 3000;
  while ((await timesOpen(pid)) > 0) {
    assert.ok(performance.now() < deadline, 'the daemon still has the volume open');
    await delay(10);
  }
}

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function hashOfVolume({ volume }: StreamScene): string {
  return createHash('sha256').update(volume.data).digest('hex');
}

/** Somewhere that takes so little: a small tmpfs, or without root the device that is always full. */
async function smallDisk(): Promise<AsyncDisposable & { readonly file: string }> {
  if (process.getuid?.() !== 0) return { file: '/dev/full', [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-small-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  return {
    file: join(folder, 'data'),
    [Symbol.asyncDispose]: async () => {
      await execa('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The disk is full half way: who downloads is told so, the daemon stops sending, the link lives on. */
export async function diskFull(scene: StreamScene): Promise<void> {
  await using disk = await smallDisk();
  const rpc = await openRpc(scene.daemon.uri);
  try {
    const stream = await openDownload(rpc);
    await assert.rejects(
      within(pipeline(stream, createWriteStream(disk.file)), 'a download to a full disk'),
      {
        code: 'ENOSPC',
      },
    );
    assert.ok(stream.destroyed);
    await untilReleased(scene);
    await within(rpc.call(connectGetHostname, undefined), 'a call after an aborted stream');
    assert.equal(await within(hashOf(await openDownload(rpc)), 'a second download'), hashOfVolume(scene));
  } finally {
    rpc.close();
    await rpc.closed;
  }
}

/** Nobody reads for longer than the keepalive of either side waits; then all of it is there. */
export async function readerStalls(scene: StreamScene, ms: number): Promise<void> {
  const rpc = await openRpc(scene.daemon.uri);
  try {
    const stream = await openDownload(rpc);
    await delay(ms);
    assert.ok((await timesOpen(await pidOf(scene.daemon))) > 0, 'the daemon has the volume open');
    assert.ok(stream.readableLength < 4 * 1024 * 1024, 'what nobody reads is not piled up');
    assert.equal(await within(hashOf(stream), 'a download that was resumed'), hashOfVolume(scene));
    await within(rpc.call(connectGetHostname, undefined), 'a call afterwards');
  } finally {
    rpc.close();
    await rpc.closed;
  }
}

/** The link is cut, or falls silent, in the middle of a download: the stream says so. */
export async function streamCut(scene: StreamScene): Promise<void> {
  const { daemon, random, volume } = scene;
  await using proxy = await FaultProxy.start(daemon.socket);
  const bytes = 1000 + random.below(volume.data.length - 1000);
  proxy.fault = { toClient: random.chance(0.5) ? cutAfter(bytes) : stallAfter(bytes) };
  const rpc = await openRpc(proxy.through(daemon.uri));
  const reading = openDownload(rpc).then(hashOf);
  await assert.rejects(within(reading, 'a download over a link that was cut'), ConnectionClosedError);
  await within(rpc.closed, 'the end of a link that was cut');
  proxy.cutAll();
  await untilReleased(scene);
}

/** The daemon is killed in the middle of a download. */
export async function killedWhileStreaming(scene: StreamScene): Promise<void> {
  const { daemon } = scene;
  const rpc = await openRpc(daemon.uri);
  const stream = await openDownload(rpc);
  const [first] = (await within(once(stream), 'the first bytes')) as [Buffer];
  assert.ok(first.length > 0);
  await daemon.kill('SIGKILL');
  await assert.rejects(
    within(hashOf(stream), 'a download from a daemon that was killed'),
    ConnectionClosedError,
  );
  await rpc.closed;
  await daemon.start();
}

function once(stream: Readable): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('data', (chunk) => {
      stream.pause();
      resolve([chunk]);
    });
  });
}

/** Given up at any moment: before it is answered, as it is, while bytes come. */
export async function givenUp(scene: StreamScene): Promise<void> {
  const { daemon, random } = scene;
  const rpc = await openRpc(daemon.uri);
  try {
    for (let turn = 0; turn < 10; turn++) {
      const abort = new AbortController();
      const opening = openDownload(rpc, abort.signal);
      const giveUp = () => abort.abort();
      random.pick([giveUp, () => setImmediate(giveUp), () => setTimeout(giveUp, 1), () => undefined])();
      const stream = await within(opening, 'an opening stream').catch((error: unknown) => {
        assert.ok(error instanceof DOMException);
      });
      if (random.chance(0.3)) stream?.resume();
      stream?.destroy();
    }
    await untilReleased(scene);
    await within(rpc.call(connectGetHostname, undefined), 'a call after all that');
  } finally {
    rpc.close();
    await rpc.closed;
  }
}
