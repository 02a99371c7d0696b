import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { ensureVolume } from '../../../../../src/engines/environment/deploy/storage.ts';
import { rawVolumeXml } from '../../../../../src/model/storage/volume-xml.ts';
import { GuestPool } from '../../../../../src/model/operations/pool/guest-pool.ts';
import { EnvironmentBench } from '../support.ts';

const MIB = 1024 * 1024;

suite('A disk of which only a part was made', { timeout: 60_000 }, () => {
  let bench: EnvironmentBench;
  let pool: GuestPool;
  const signal = AbortSignal.timeout(180_000);

  before(async () => {
    bench = await EnvironmentBench.open();
    pool = await GuestPool.choose(bench.connection);
  });
  after(async () => bench[Symbol.asyncDispose]());

  test('is told, with what to do, and left as it is', async () => {
    const { storageVolumes, volumeTransfers } = bench.connection;
    const garbage = join(bench.folder, 'garbage');
    await writeFile(garbage, Buffer.alloc(MIB, 'x'));
    for (const isEmpty of [true, false]) {
      const name = `t-box-${isEmpty ? 'empty' : 'broken'}.qcow2`;
      const volume = await storageVolumes.create(await pool.open({ signal }), rawVolumeXml(name));
      if (!isEmpty) await volumeTransfers.upload(volume, garbage);
      const backing = { path: '/base.raw', format: 'raw' };
      for (const wanted of [
        { kind: 'overlay', name, bytes: MIB, backing },
        { kind: 'empty', name, bytes: MIB, format: 'qcow2' },
      ] as const)
        await assert.rejects(ensureVolume(pool, wanted, { signal }), {
          name: 'DiskError',
          message: `The disk ${name} is empty or damaged`,
          hint: /rebuild the guest/u,
        });
      assert.equal(await storageVolumes.physicalSize(volume), isEmpty ? 0n : BigInt(MIB));
    }
  });

  test('is not one that is as it should be', async () => {
    const wanted = { kind: 'empty', name: 't-box-disk2.qcow2', bytes: MIB, format: 'qcow2' } as const;
    await ensureVolume(pool, wanted, { signal });
    await ensureVolume(pool, wanted, { signal });
    const raw = { ...wanted, name: 't-box-disk3.raw', format: 'raw' } as const;
    await ensureVolume(pool, raw, { signal });
    await ensureVolume(pool, raw, { signal });
  });
});
