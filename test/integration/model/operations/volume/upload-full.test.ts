import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { connect } from '../../../../../src/client/libvirt/connect.ts';
import { GuestPool } from '../../../../../src/model/operations/pool/guest-pool.ts';
import { uploadFile } from '../../../../../src/model/operations/volume/upload-file.ts';
import { startPrivateDaemon } from '../../../../support/private-daemon.ts';

const skip = process.getuid?.() === 0 ? false : 'Only root can mount';
/** More than one message, and less than libvirt takes before it has written any. */
const BYTES = 374_784;
const TRIES = 20;

suite('An upload to a host whose disk is full', { skip, timeout: 60_000 }, () => {
  test('never counts as done, and ends nothing but itself', async () => {
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'kvm-full-'));
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    undo.defer(async () => void (await execa('umount', [folder])));
    const daemon = undo.use(await startPrivateDaemon());
    await daemon.virsh('pool-define-as', 'default', 'dir', '--target', folder);
    await daemon.virsh('pool-start', 'default');
    const file = join(daemon.folder, 'source');
    await writeFile(file, Buffer.alloc(BYTES, 'x'));
    await assert.rejects(writeFile(join(folder, 'filler'), Buffer.alloc(2 * 1024 * 1024)), {
      code: 'ENOSPC',
    });
    const connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
    undo.defer(() => connection.close());
    const pool = await GuestPool.choose(connection);
    for (let count = 0; count < TRIES; count += 1)
      await assert.rejects(uploadFile(pool, { file, name: `v${count}` }), (error: Error) =>
        ['RemoteError', 'CutShortError'].includes(error.name),
      );
    await connection.hostname();
    await rm(join(folder, 'filler'));
    await uploadFile(pool, { file, name: 'v0' });
    assert.ok((await readdir(folder)).includes('v0'));
  });
});
