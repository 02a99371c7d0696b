import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import {
  BuildPool,
  DefinePool,
  DeletePool,
  ListPools,
  PoolXml,
  StartPool,
  type StoragePoolEvent,
} from '../../../../../src/client/libvirt/storage/pool.ts';
import type { StoragePoolRef } from '../../../../../src/client/libvirt/storage/refs.ts';
import {
  CreateVolume,
  DeleteVolume,
  ResizeVolume,
  WipeAlgorithm,
} from '../../../../../src/client/libvirt/storage/volume.ts';
import { Heard, refused, useBench } from '../support.ts';

const MIB = 1024n * 1024n;

const volumeXml = (name: string, format: string) =>
  `<volume><name>${name}</name><capacity unit="MiB">4</capacity><allocation>0</allocation>
  <target><format type="${format}"/></target></volume>`;

suite('Storage', () => {
  const bench = useBench();

  function poolXml(name: string): { readonly xml: string; readonly path: string } {
    const path = join(bench.daemon.folder, 'lib', name);
    return { path, xml: `<pool type="dir"><name>${name}</name><target><path>${path}</path></target></pool>` };
  }

  test('pools live and are heard of', async () => {
    const { storagePools: pools } = bench.qemu;
    const heard = new Heard<StoragePoolEvent>();
    const stop = await pools.onLifecycle(heard.hear);
    const { xml, path } = poolXml('pool');
    const pool = await pools.defineXml(xml, DefinePool.VALIDATE);
    assert.deepEqual(await heard.next(), { pool, event: 'defined' });
    assert.deepEqual(await pools.list(ListPools.INACTIVE | ListPools.DIR), [pool]);
    assert.equal((await pools.info(pool)).state, 'inactive');
    await refused(pools.volumes(pool), ErrorCode.OPERATION_INVALID, /is not active/);
    await pools.build(pool);
    await refused(pools.build(pool, BuildPool.REPAIR), ErrorCode.INVALID_ARG, /unsupported flags \(0x1\)/);
    await pools.start(pool);
    assert.equal((await heard.next(({ event }) => event === 'started')).pool.name, 'pool');
    assert.deepEqual([await pools.isActive(pool), await pools.isPersistent(pool)], [true, true]);
    await pools.setAutostart(pool, true);
    assert.equal(await pools.autostart(pool), true);
    assert.deepEqual(await pools.lookupByName('pool'), pool);
    assert.deepEqual(await pools.lookupByUuid(pool.uuid), pool);
    assert.deepEqual(await pools.lookupByTargetPath(path), pool);
    assert.match(await pools.xml(pool, PoolXml.INACTIVE), new RegExp(path));
    const info = await pools.info(pool);
    assert.equal(info.state, 'running');
    assert.equal(info.capacity, info.allocation + info.available);

    const refreshed = new Heard<{ readonly pool: StoragePoolRef }>();
    const stopRefresh = await pools.onRefresh(refreshed.hear, pool);
    await writeFile(join(path, 'by hand'), 'x');
    await pools.refresh(pool);
    assert.deepEqual(await refreshed.next(), { pool });
    const [volume] = await pools.volumes(pool);
    assert.deepEqual(volume, { pool: 'pool', name: 'by hand', key: join(path, 'by hand') });
    assert.deepEqual(await pools.lookupByVolume(volume), pool);
    await bench.qemu.storageVolumes.delete(volume);

    await pools.destroy(pool);
    await pools.delete(pool);
    await assert.rejects(access(path));
    await pools.undefine(pool);
    await heard.next(({ event }) => event === 'undefined');
    await stop();
    await stopRefresh();
    await refused(pools.lookupByName('pool'), ErrorCode.NO_STORAGE_POOL, /no storage pool/i);
  });

  test('pools can be there for a while only, and be looked for', async () => {
    const { storagePools: pools } = bench.qemu;
    const pool = await pools.createXml(poolXml('brief').xml, StartPool.BUILD);
    assert.equal(await pools.isPersistent(pool), false);
    await refused(pools.delete(pool, DeletePool.ZEROED), ErrorCode.OPERATION_INVALID, /still active/);
    await pools.destroy(pool);
    assert.match(await bench.test.storagePools.findSources('logical'), /<source>/);
    const source = '<source><host name="x"/></source>';
    assert.match(await bench.test.storagePools.findSources('netfs', source), /host name='x'/);
  });

  test('volumes are made, measured, grown, cloned, wiped and deleted', async () => {
    const { storagePools: pools, storageVolumes: volumes } = bench.qemu;
    const pool = await pools.createXml(poolXml('volumes').xml, StartPool.BUILD);
    const volume = await volumes.create(
      pool,
      volumeXml('a “b”.qcow2', 'qcow2'),
      CreateVolume.PREALLOCATE_METADATA,
    );
    assert.deepEqual(await volumes.lookupByName(pool, 'a “b”.qcow2'), volume);
    assert.deepEqual(await volumes.lookupByKey(volume.key), volume);
    const path = await volumes.path(volume);
    assert.deepEqual(await volumes.lookupByPath(path), volume);
    assert.match(await volumes.xml(volume), /<format type='qcow2'\/>/);
    await volumes.resize(volume, 4n * MIB, ResizeVolume.DELTA);
    const info = await volumes.info(volume);
    assert.deepEqual([info.type, info.capacity], ['file', 8n * MIB]);
    assert.ok((await volumes.physicalSize(volume)) > 0n);
    await refused(volumes.resize(volume, MIB), ErrorCode.INVALID_ARG, /shrink/i);

    const raw = await volumes.create(pool, volumeXml('raw', 'raw'));
    await volumes.resize(raw, MIB, ResizeVolume.SHRINK);
    await volumes.wipe(raw, WipeAlgorithm.ZERO);
    const clone = await volumes.clone(pool, volumeXml('clone', 'raw'), raw);
    assert.equal((await volumes.info(clone)).capacity, 4n * MIB);
    await refused(volumes.create(pool, volumeXml('clone', 'raw')), ErrorCode.STORAGE_VOL_EXIST, /clone/);
    await refused(volumes.delete(clone, DeleteVolume.ZEROED), ErrorCode.INVALID_ARG, /unsupported flags/);
    for (const each of await pools.volumes(pool)) await volumes.delete(each);
    assert.deepEqual(await pools.volumes(pool), []);
    await refused(volumes.lookupByPath(path), ErrorCode.NO_STORAGE_VOL, /no storage vol/i);
    await pools.destroy(pool);
  });

  test('a pool is as large as libvirt says, however large', async () => {
    const { storagePools: pools, storageVolumes: volumes } = bench.test;
    const pool = await pools.lookupByName('default-pool');
    assert.deepEqual(await pools.info(pool), {
      state: 'running',
      capacity: 107_374_182_400n,
      allocation: 0n,
      available: 107_374_182_400n,
    });
    const huge = `<volume><name>huge</name><capacity unit="bytes">9007199254740993</capacity>
      <allocation>0</allocation></volume>`;
    await volumes.create(pool, huge);
  });
});
