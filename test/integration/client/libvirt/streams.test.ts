import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { type Connection, connect } from '../../../../src/client/libvirt/connect.ts';
import type { DomainRef } from '../../../../src/client/libvirt/domain/domain.ts';
import { OpenConsole } from '../../../../src/client/libvirt/domain/streams.ts';
import type { VolumeRef } from '../../../../src/client/libvirt/storage/refs.ts';
import type { RpcStream } from '../../../../src/client/rpc/stream.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { tinyOsXml } from '../../../support/tiny-os.ts';

const MIB = 1024 * 1024;
const patience = () => AbortSignal.timeout(20_000);

suite('The byte streams of a daemon', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;
  let folder: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.uri, patience());
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-streams-'));
    const target = join(daemon.folder, 'pool');
    await mkdir(target, { mode: 0o755 });
    await daemon.virsh('pool-define-as', 'pool', 'dir', '--target', target);
    await daemon.virsh('pool-start', 'pool');
  });
  after(async () => {
    connection?.close();
    await daemon.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  suite('a guest', () => {
    let guest: DomainRef;

    before(async () => {
      const xml = tinyOsXml({ name: 'talker', kernel: await daemon.tinyOsElf() });
      const withScreen = xml.replace(
        '<devices>',
        '<devices><graphics type="vnc" listen="127.0.0.1"/><video><model type="vga"/></video>',
      );
      guest = await connection.domains.createXml(withScreen);
    });
    after(() => connection.domains.destroy(guest));

    test('its console carries bytes both ways', async () => {
      const console = await connection.domainStreams.openConsole(guest, undefined, OpenConsole.FORCE);
      await readUntil(console, /tick/u);
      console.write('marco');
      await readUntil(console, /marco/u);
      console.destroy();
      assert.equal(await connection.type(), 'QEMU', 'the connection goes on');
    });

    test('its console can be taken over, and the one who had it hears of the end', async () => {
      const first = await connection.domainStreams.openConsole(guest);
      const ended = new Promise((resolve) => first.once('close', resolve));
      first.on('error', () => undefined).resume();
      await assert.rejects(connection.domainStreams.openConsole(guest), /console|in use|active/iu);
      const second = await connection.domainStreams.openConsole(guest, undefined, OpenConsole.FORCE);
      await ended;
      await readUntil(second, /tick/u);
      second.destroy();
    });

    test('its screen can be photographed', async () => {
      const { mimeType, image } = await connection.domainStreams.screenshot(guest);
      assert.match(mimeType ?? '', /^image\//u);
      assert.ok(image.length > 1000);
    });

    test('a console of a guest that does not run is refused in libvirt’s words', async () => {
      await daemon.defineTinyOs('sleeper');
      const sleeper = await connection.domains.lookupByName('sleeper');
      await assert.rejects(connection.domainStreams.openConsole(sleeper), /not running/u);
    });
  });

  suite('a volume', () => {
    async function volume(name: string, bytes: number): Promise<VolumeRef> {
      await daemon.virsh('vol-create-as', 'pool', name, String(bytes), '--format', 'raw');
      return connection.storageVolumes.lookupByPath(join(daemon.folder, 'pool', name));
    }

    for (const sparse of [false, true])
      test(`comes back as it went${sparse ? ', holes and all' : ''}, with progress`, async () => {
        const data = Buffer.concat([randomBytes(3 * MIB + 17), Buffer.alloc(4 * MIB), randomBytes(MIB)]);
        const source = join(folder, `source-${sparse}`);
        const back = join(folder, `back-${sparse}`);
        await writeFile(source, data);
        const ref = await volume(`copy-${sparse}`, data.length);
        const steps: number[] = [];
        const options = { sparse, onProgress: (bytes: number) => steps.push(bytes) };
        assert.equal(await connection.volumeTransfers.upload(ref, source, options), data.length);
        assert.equal(steps.at(-1), data.length);
        assert.equal(await connection.volumeTransfers.download(ref, back, { sparse }), data.length);
        assert.equal(await hash(back), await hash(source));
        if (sparse) assert.ok((await stat(back)).blocks * 512 < data.length, 'the hole takes no place');
      });

    const mount = process.getuid?.() === 0 ? false : 'Only root can mount';
    test(
      'a download for which there is no room leaves some to others, and no file',
      { skip: mount },
      async () => {
        const ref = await volume('endless', 64 * MIB);
        const small = join(folder, 'small');
        await mkdir(small);
        await execa('mount', ['-t', 'tmpfs', '-o', `size=${32 * MIB}`, 'tmpfs', small]);
        try {
          let least = Infinity;
          const onProgress = () => {
            const { bavail, bsize } = statfsSync(small);
            least = Math.min(least, bavail * bsize);
          };
          const download = connection.volumeTransfers.download(ref, join(small, 'back'), { onProgress });
          await assert.rejects(download, { name: 'NoSpaceError' });
          assert.ok(least > 0, 'the disk was never full');
          assert.deepEqual(await readdir(small), []);
        } finally {
          await execa('umount', [small]);
        }
      },
    );

    test('a download removes what one that was killed has left, and nothing else', async () => {
      const ref = await volume('after-death', 17);
      const target = join(folder, 'target');
      const dead = spawnSync('true').pid;
      const left = (pid: number) => `target.${pid}-0badcafe.part`;
      const old = new Date(Date.now() - 3_600_000);
      const files = [
        left(dead),
        left(process.pid),
        `${left(dead)}.txt`,
        'other.1-0badcafe.part',
        'target.part',
      ];
      for (const file of files) {
        await writeFile(join(folder, file), 'x', { mode: 0o600 });
        await utimes(join(folder, file), old, old);
      }
      await connection.volumeTransfers.download(ref, target);
      const still = await readdir(folder);
      assert.deepEqual(
        files.filter((file) => !still.includes(file)),
        [left(dead)],
      );
    });

    test('a download that is cancelled leaves no file and a connection that works', async () => {
      const ref = await volume('large', 64 * MIB);
      const abort = new AbortController();
      const download = connection.volumeTransfers.download(ref, join(folder, 'cancelled'), {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      await assert.rejects(download, { name: 'AbortError' });
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.startsWith('cancelled')),
        [],
      );
      assert.equal(await connection.type(), 'QEMU');
    });

    test('an upload that is cancelled leaves a connection that works', async () => {
      const source = join(folder, 'cancelled-upload');
      await writeFile(source, Buffer.alloc(32 * MIB, 1));
      const ref = await volume('partial', 32 * MIB);
      const abort = new AbortController();
      let passed = 0;
      const upload = connection.volumeTransfers.upload(ref, source, {
        signal: abort.signal,
        onProgress: (bytes) => {
          passed = bytes;
          abort.abort();
        },
      });
      await assert.rejects(upload, { name: 'AbortError' });
      assert.ok(passed < 32 * MIB, `${passed} bytes`);
      assert.equal(await connection.type(), 'QEMU');
      assert.equal(await connection.volumeTransfers.upload(ref, source), 32 * MIB);
    });

    test('that the daemon gives up on fails in its words, both ways', async () => {
      const data = join(folder, 'for-nobody');
      await writeFile(data, Buffer.alloc(8 * MIB, 2));
      const ref = await volume('vanishing', MIB);
      await rm(join(daemon.folder, 'pool', 'vanishing'));
      await assert.rejects(connection.volumeTransfers.upload(ref, data), /vanishing/);
      await assert.rejects(connection.volumeTransfers.download(ref, join(folder, 'none')), /vanishing/);
      assert.ok(!(await readdir(folder)).some((name) => name.startsWith('none')));
    });

    test('that does not exist is refused before anything is written', async () => {
      const gone = { pool: 'pool', name: 'gone', key: '/gone' };
      await assert.rejects(connection.volumeTransfers.download(gone, join(folder, 'gone')), {
        code: 50,
      });
      assert.ok(!(await readdir(folder)).includes('gone'));
    });
  });
});

async function readUntil(stream: RpcStream, pattern: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const onData = (data: Buffer) => {
      text += data.toString('latin1');
      if (!pattern.test(text)) return;
      stream.off('data', onData).off('error', reject);
      resolve();
    };
    stream.on('data', onData).once('error', reject);
  });
}

async function hash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
