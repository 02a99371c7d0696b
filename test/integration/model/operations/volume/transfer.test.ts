import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { access, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { execa } from 'execa';
import type { ObjectTarget } from '../../../../../src/model/inventory/object-target.ts';
import { createPool } from '../../../../../src/model/operations/pool/create.ts';
import { cloneVolume } from '../../../../../src/model/operations/volume/clone.ts';
import { downloadVolume, uploadVolume } from '../../../../../src/model/operations/volume/transfer.ts';
import { useOperationBench } from '../domain/support.ts';

const MIB = 1024 * 1024;

suite('The bytes of a volume', () => {
  const bench = useOperationBench();
  let pool: ObjectTarget;
  const at = (name: string) => join(bench.daemon.folder, name);
  before(async () => {
    const plan = { name: 'bytes', uuid: randomUUID(), type: 'dir', path: at('bytes') } as const;
    pool = await createPool(bench.host, { plan, build: true, overwrite: false });
  });
  /** 200 MiB, of which two have data; it begins and ends with a hole. */
  async function sparseFile(name: string): Promise<string> {
    const file = await open(at(name), 'wx', 0o644);
    await file.truncate(200 * MIB);
    for (const start of [50 * MIB + 4096, 120 * MIB]) await file.write(randomBytes(MIB), 0, MIB, start);
    await file.close();
    return at(name);
  }
  const blocksOf = async (path: string) => (await stat(path)).blocks * 512;
  const same = (a: string, b: string) => execa('cmp', [a, b]);

  test('go up and come down whole, and its holes are neither sent nor written', async () => {
    const file = await sparseFile('holes.img');
    let [done, total] = [0, 0];
    const onBytes = (bytes: number, of: number) => ([done, total] = [bytes, of]);
    const volume = await uploadVolume(pool, { file, name: 'holes.img', format: 'raw' }, { onBytes });
    assert.deepEqual([done, total], [200 * MIB, 200 * MIB]);
    await same(file, at('bytes/holes.img'));
    assert.ok((await blocksOf(at('bytes/holes.img'))) < 8 * MIB);
    assert.equal(await downloadVolume(volume, { file: at('back.img') }), 200 * MIB);
    await same(file, at('back.img'));
    assert.ok((await blocksOf(at('back.img'))) < 8 * MIB);
  });

  test('are known by their format when an image was sent', async () => {
    const image = at('image.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', image, '77M']);
    await uploadVolume(pool, { file: image, name: 'image.qcow2', format: 'qcow2' });
    const info = await bench.daemon.virsh('vol-dumpxml', 'image.qcow2', '--pool', 'bytes');
    assert.match(info, /<capacity unit='bytes'>80740352<[^]*<format type='qcow2'/);
  });

  test('leave nothing behind when the way is given up', async () => {
    const file = await sparseFile('given-up.img');
    const up = new AbortController();
    await assert.rejects(
      uploadVolume(
        pool,
        { file, name: 'given-up.img', format: 'raw' },
        { signal: up.signal, onBytes: () => up.abort() },
      ),
      { name: 'AbortError' },
    );
    await assert.rejects(access(at('bytes/given-up.img')));
    const volume = await uploadVolume(pool, { file, name: 'whole.img', format: 'raw' });
    const down = new AbortController();
    down.abort();
    await assert.rejects(downloadVolume(volume, { file: at('never.img') }, { signal: down.signal }));
    assert.deepEqual(
      (await readdir(bench.daemon.folder)).filter((name) => name.startsWith('never.img')),
      [],
    );
  });

  test('replace no volume that has the name already', async () => {
    const file = at('small.img');
    await writeFile(file, 'new');
    await uploadVolume(pool, { file, name: 'taken.img', format: 'raw' });
    await assert.rejects(uploadVolume(pool, { file, name: 'taken.img', format: 'raw' }), /exists|already/);
    assert.equal(await readFile(at('bytes/taken.img'), 'utf8'), 'new');
  });

  test('are cloned into another format', async () => {
    const file = await sparseFile('source.img');
    const source = await uploadVolume(pool, { file, name: 'source.img', format: 'raw' });
    await cloneVolume(source, { pool, name: 'clone.qcow2', format: 'qcow2' });
    await execa('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', file, at('bytes/clone.qcow2')]);
  });

  test('are not cloned while a guest writes them', async () => {
    const file = await sparseFile('written.img');
    const source = await uploadVolume(pool, { file, name: 'written.img', format: 'raw' });
    await bench.define('writer', (xml) =>
      xml.replace(
        '</devices>',
        `<disk type='file'><driver name='qemu' type='raw'/><source file='${at('bytes/written.img')}'/><target dev='vda' bus='virtio'/></disk></devices>`,
      ),
    );
    await bench.daemon.virsh('start', 'writer');
    await assert.rejects(cloneVolume(source, { pool, name: 'no.img', format: 'raw' }), { code: 'in-use' });
    await bench.daemon.virsh('destroy', 'writer');
  });
});
