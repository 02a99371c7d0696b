import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { poolKind } from '../../../../../src/model/inventory/kinds/pool.ts';
import { volumeKind } from '../../../../../src/model/inventory/kinds/volume.ts';
import type { ObjectTarget } from '../../../../../src/model/inventory/object-target.ts';
import { setPoolAutostart } from '../../../../../src/model/operations/pool/autostart.ts';
import { createPool, PoolStepError } from '../../../../../src/model/operations/pool/create.ts';
import { refreshPool } from '../../../../../src/model/operations/pool/refresh.ts';
import { removePool } from '../../../../../src/model/operations/pool/remove.ts';
import { startPool } from '../../../../../src/model/operations/pool/start.ts';
import { stopPool } from '../../../../../src/model/operations/pool/stop.ts';
import type { PoolPlan } from '../../../../../src/model/storage/pool-xml.ts';
import { useOperationBench } from '../domain/support.ts';

suite('A storage pool', () => {
  const bench = useOperationBench();
  const plan = (name: string, path = join(bench.daemon.folder, name)): PoolPlan => ({
    name,
    uuid: randomUUID(),
    type: 'dir',
    path,
  });
  const make = (made: PoolPlan, overwrite = false): Promise<ObjectTarget> =>
    createPool(bench.host, { plan: made, build: true, overwrite });

  test('is built, active and started with its host once it is made', async () => {
    const steps: string[] = [];
    const made = plan('whole');
    await createPool(
      bench.host,
      { plan: made, build: true, overwrite: false },
      { onStep: (step) => steps.push(step) },
    );
    assert.deepEqual(steps, ['define', 'build', 'start', 'autostart']);
    const info = await bench.daemon.virsh('pool-info', 'whole');
    assert.match(info, /State: +running[^]*Persistent: +yes[^]*Autostart: +yes/);
    await access(join(bench.daemon.folder, 'whole'));
  });

  test('says which step failed, and is made from there when it is tried again', async () => {
    const path = join(bench.daemon.folder, 'in-the-way');
    await writeFile(path, 'a file, no directory');
    const made = plan('resumed', path);
    await assert.rejects(make(made), (error) => {
      assert.ok(error instanceof PoolStepError);
      assert.deepEqual([error.step, error.defined], ['start', true]);
      return true;
    });
    assert.equal(await bench.daemon.virsh('pool-list', '--name', '--inactive'), 'resumed');
    await rm(path);
    await make(made);
    assert.match(await bench.daemon.virsh('pool-info', 'resumed'), /State: +running/);
  });

  test('leaves nothing when libvirt refuses its definition', async () => {
    await make(plan('taken'));
    await assert.rejects(make(plan('taken')), { code: 'pool-step', step: 'define', defined: false });
  });

  test('is known of at once, whatever was done', async (t) => {
    const target = await make(plan('followed'));
    const pools = bench.host.watch(poolKind);
    const volumes = bench.host.watch(volumeKind, target.name.key);
    t.after(() => {
      pools.dispose();
      volumes.dispose();
    });
    await Promise.all([pools.objects.completed(), volumes.objects.settled()]);
    const record = () => pools.objects.records.get(target.name.key);
    assert.deepEqual([record()?.active, record()?.details?.state], [true, 'running']);
    assert.ok((record()?.details?.space?.capacity ?? 0n) > 0n);
    await writeFile(join(bench.daemon.folder, 'followed', 'from-elsewhere.img'), 'x');
    await refreshPool(target, {});
    assert.deepEqual([...volumes.objects.records.keys()], ['from-elsewhere.img']);
    await setPoolAutostart(target, { enabled: false });
    assert.equal(record()?.autostart, false);
    await stopPool(target, {});
    assert.deepEqual([record()?.active, record()?.details?.space], [false, undefined]);
    assert.equal(volumes.objects.records.size, 0);
    await startPool(target, {});
    assert.equal(record()?.active, true);
  });

  test('goes without what its volumes hold, unless that was asked for', async () => {
    const [kept, deleted] = [plan('kept'), plan('deleted')];
    const targets = [await make(kept), await make(deleted)] as const;
    await writeFile(join(bench.daemon.folder, 'kept', 'data.img'), 'x');
    await removePool(targets[0], { storage: false });
    await access(join(bench.daemon.folder, 'kept', 'data.img'));
    await removePool(targets[1], { storage: true });
    await assert.rejects(access(join(bench.daemon.folder, 'deleted')));
    const names = (await bench.daemon.virsh('pool-list', '--all', '--name')).split(/\s+/);
    assert.ok(!names.includes('kept') && !names.includes('deleted'));
    await assert.rejects(startPool(targets[0], {}), { code: 'gone' });
  });

  test('can be removed again when its storage could not be taken apart', async () => {
    const target = await make(plan('full'));
    const file = join(bench.daemon.folder, 'full', 'data.img');
    await writeFile(file, 'x');
    await assert.rejects(removePool(target, { storage: true }), /not empty|Directory/);
    await access(file);
    await rm(file);
    await removePool(target, { storage: true });
    await mkdir(join(bench.daemon.folder, 'full'));
  });
});
