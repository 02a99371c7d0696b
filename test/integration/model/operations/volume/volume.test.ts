import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { volumeKind } from '../../../../../src/model/inventory/kinds/volume.ts';
import type { ObjectTarget } from '../../../../../src/model/inventory/object-target.ts';
import { createPool } from '../../../../../src/model/operations/pool/create.ts';
import { createVolume } from '../../../../../src/model/operations/volume/create.ts';
import { deleteVolume } from '../../../../../src/model/operations/volume/delete.ts';
import { volumeUses } from '../../../../../src/model/operations/volume/in-use.ts';
import { resizeVolume } from '../../../../../src/model/operations/volume/resize.ts';
import { wipeVolume } from '../../../../../src/model/operations/volume/wipe.ts';
import { useOperationBench } from '../domain/support.ts';

const MIB = 1024n ** 2n;

suite('A volume', () => {
  const bench = useOperationBench();
  let pool: ObjectTarget;
  before(async () => {
    const path = join(bench.daemon.folder, 'vols');
    const plan = { name: 'vols', uuid: randomUUID(), type: 'dir', path } as const;
    pool = await createPool(bench.host, { plan, build: true, overwrite: false });
  });
  const pathOf = (name: string) => join(bench.daemon.folder, 'vols', name);
  const withDisk = (path: string) => (xml: string) =>
    xml.replace(
      '</devices>',
      `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${path}'/><target dev='vda' bus='virtio'/></disk></devices>`,
    );

  test('is made with a format, a size and a backing file, and tells them', async (t) => {
    await createVolume(pool, { plan: { name: 'base.qcow2', capacity: 8n * MIB, format: 'qcow2' } });
    await createVolume(pool, {
      plan: {
        name: 'over.qcow2',
        capacity: 16n * MIB,
        format: 'qcow2',
        backing: { path: pathOf('base.qcow2'), format: 'qcow2' },
      },
      preallocate: false,
    });
    const watch = bench.host.watch(volumeKind, pool.name.key);
    t.after(() => watch.dispose());
    await watch.objects.completed();
    const details = watch.objects.records.get('over.qcow2')?.details;
    assert.deepEqual(
      [details?.format, details?.capacity, details?.backing],
      ['qcow2', 16n * MIB, { path: pathOf('base.qcow2'), format: 'qcow2' }],
    );
    const info = await bench.daemon.virsh('vol-info', 'over.qcow2', '--pool', 'vols');
    assert.match(info, /Capacity: +16\.00 MiB/);
  });

  test('that a domain has, as a disk or below one, is neither deleted nor wiped, and the domain is named', async () => {
    const base = await createVolume(pool, {
      plan: { name: 'below.qcow2', capacity: 8n * MIB, format: 'qcow2' },
    });
    await createVolume(pool, {
      plan: {
        name: 'above.qcow2',
        capacity: 8n * MIB,
        format: 'qcow2',
        backing: { path: pathOf('below.qcow2'), format: 'qcow2' },
      },
    });
    await bench.define('user', withDisk(pathOf('above.qcow2')));
    await bench.daemon.virsh('start', 'user');
    assert.deepEqual(
      (await volumeUses(base)).map(({ domain, disk, depth, active }) => [domain, disk, depth, active]),
      [['user', 'vda', 1, true]],
    );
    await assert.rejects(deleteVolume(base, {}), {
      code: 'in-use',
      message: 'It belongs to user, above.qcow2',
    });
    await assert.rejects(wipeVolume(base, { algorithm: 'zero' }), { code: 'in-use' });
    await access(pathOf('below.qcow2'));
    await bench.daemon.virsh('destroy', 'user');
  });

  test('that only another volume lies on is not deleted either', async () => {
    const base = await createVolume(pool, {
      plan: { name: 'lonely-base.qcow2', capacity: 8n * MIB, format: 'qcow2' },
    });
    const over = await createVolume(pool, {
      plan: {
        name: 'lonely-over.qcow2',
        capacity: 8n * MIB,
        format: 'qcow2',
        backing: { path: pathOf('lonely-base.qcow2'), format: 'qcow2' },
      },
    });
    await assert.rejects(deleteVolume(base, {}), {
      code: 'in-use',
      message: 'It belongs to lonely-over.qcow2',
    });
    await deleteVolume(over, {});
    await deleteVolume(base, {});
    await assert.rejects(access(pathOf('lonely-base.qcow2')));
    await assert.rejects(deleteVolume(base, {}), { code: 'gone' });
  });

  test('grows, and shrinks only when that was asked for', async () => {
    const volume = await createVolume(pool, {
      plan: { name: 'size.raw', capacity: 8n * MIB, allocation: 0n, format: 'raw' },
    });
    const capacity = async () => bench.daemon.virsh('vol-info', 'size.raw', '--pool', 'vols');
    await resizeVolume(volume, { capacity: 32n * MIB, shrink: false });
    assert.match(await capacity(), /Capacity: +32\.00 MiB/);
    await assert.rejects(resizeVolume(volume, { capacity: 4n * MIB, shrink: false }), {
      code: 'would-shrink',
    });
    assert.match(await capacity(), /Capacity: +32\.00 MiB/);
    await resizeVolume(volume, { capacity: 4n * MIB, shrink: true });
    assert.match(await capacity(), /Capacity: +4\.00 MiB/);
  });
});
