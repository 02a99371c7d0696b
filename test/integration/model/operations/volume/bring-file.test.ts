import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { connect, type Connection } from '../../../../../src/client/libvirt/connect.ts';
import { GuestPool } from '../../../../../src/model/operations/pool/guest-pool.ts';
import { bringFile, takeAway } from '../../../../../src/model/operations/volume/bring-file.ts';
import { uploadFile } from '../../../../../src/model/operations/volume/upload-file.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../../support/private-daemon.ts';

const BYTES = Buffer.from('what QEMU is to read\n'.repeat(10_000));

suite('A file of this machine', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;
  let file: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
    file = join(daemon.folder, 'source');
    await writeFile(file, BYTES);
  });
  after(async () => {
    connection?.close();
    await daemon?.dispose();
  });

  const pools = () => daemon.virsh('pool-list', '--all', '--name');
  const volumes = (pool: string) => daemon.virsh('vol-list', pool);

  test('is brought to a host that has no pool, and nothing is left of it', async () => {
    const fractions: number[] = [];
    const progress = (fraction: number) => void fractions.push(fraction);
    const path = await bringFile(connection, { file, name: 'a' }, { progress });
    assert.equal(fractions.at(-1), 1);
    assert.match(path, /\/kvm-workbench\/a$/u);
    assert.match(await volumes('kvm-workbench'), /\/kvm-workbench\/a$/mu);
    const other = await bringFile(connection, { file, name: 'b' });
    await takeAway(connection, [path]);
    assert.match(await volumes('kvm-workbench'), /\/b$/mu, 'the pool stays while another is in it');
    await takeAway(connection, [path, other]);
    assert.equal(await pools(), '');
  });

  test('that cannot be read leaves nothing either', async () => {
    await assert.rejects(bringFile(connection, { file: `${file}-not`, name: 'a' }), { code: 'ENOENT' });
    assert.equal(await pools(), '');
  });

  test('is uploaded to the pool that people use, once', async () => {
    const folder = join(daemon.folder, 'pool');
    await mkdir(folder);
    await daemon.virsh('pool-create-as', 'default', 'dir', '--target', folder);
    const pool = await GuestPool.choose(connection);
    assert.equal(pool.name, 'default');
    const path = await uploadFile(pool, { file, name: 'copy' });
    assert.deepEqual([path, await readFile(path)], [join(folder, 'copy'), BYTES]);
    const { ino, mtimeMs } = await stat(path);
    await uploadFile(pool, { file, name: 'copy' });
    assert.deepEqual([(await stat(path)).ino, (await stat(path)).mtimeMs], [ino, mtimeMs]);
  });

  test('is uploaded again when its copy is not whole', async () => {
    const pool = await GuestPool.choose(connection);
    await writeFile(pool.pathOf('copy'), BYTES.subarray(0, 100));
    await connection.storagePools.refresh(await pool.open({}));
    assert.deepEqual(await readFile(await uploadFile(pool, { file, name: 'copy' })), BYTES);
  });
});
