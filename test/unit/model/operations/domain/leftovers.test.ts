import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findLeftovers } from '../../../../../src/model/operations/domain/leftovers.ts';
import type { DomainRecord } from '../../../../../src/model/inventory/kinds/domain-record.ts';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import type { Host } from '../../../../../src/model/inventory/host.ts';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import { RemoteError } from '../../../../../src/client/rpc/error.ts';
import { record } from '../../../support/records.ts';

function refusal(code: number): RemoteError {
  return new RemoteError('X', { code, domain: 0, message: 'no', level: 2 });
}

function refusing(code: number): () => Promise<never> {
  return () => Promise.reject(refusal(code));
}

interface FakeHost {
  readonly domain?: DomainRecord | undefined;
  readonly devices?: string;
  readonly os?: string;
  /** Paths that lie in a pool. */
  readonly volumes?: readonly string[];
  readonly managedSave?: () => Promise<boolean>;
  readonly snapshots?: () => Promise<readonly string[]>;
  readonly lookupError?: number;
}

function targetOn(fake: FakeHost): DomainTarget {
  const domain = 'domain' in fake ? fake.domain : record();
  const connection = {
    domains: {
      xml: async () => `<domain><os>${fake.os ?? ''}</os><devices>${fake.devices ?? ''}</devices></domain>`,
      hasManagedSave: fake.managedSave ?? (async () => false),
    },
    snapshots: { list: fake.snapshots ?? (async () => []) },
    storageVolumes: {
      lookupByPath: async (path: string) => {
        if (fake.volumes?.includes(path) === true) return { pool: 'default', name: path, key: path };
        throw refusal(fake.lookupError ?? ErrorCode.NO_STORAGE_VOL);
      },
    },
  };
  const domains = new Map(domain === undefined ? [] : [[domain.uuid, domain]]);
  const host: unknown = {
    id: 'x',
    domains,
    connect: async () => connection,
    refresh: async () => undefined,
  };
  return new DomainTarget(host as Host, record().uuid);
}

async function pathsOf(fake: FakeHost): Promise<readonly string[]> {
  return (await findLeftovers(targetOn(fake), {})).disks.map(({ path }) => path);
}

const DISK = `<disk type="file" device="disk"><source file="/images/a b.qcow2"/></disk>`;

suite('What a domain leaves behind', () => {
  test('disks that libvirt could delete: files and devices that lie in a pool', async () => {
    const devices = `${DISK}
      <disk type="block"><source dev="/dev/vg/web"/></disk>
      <disk device="disk"><source file="/outside.img"/></disk>
      <disk type="network" device="disk"><source protocol="rbd" name="x"/></disk>
      <disk device="disk"/>`;
    const volumes = ['/images/a b.qcow2', '/dev/vg/web'];
    assert.deepEqual(await pathsOf({ devices, volumes }), volumes);
  });

  test('no installation media, read-only or shared disk', async () => {
    const devices = `<disk device="cdrom"><source file="/v/cd"/></disk>
      <disk device="floppy"><source file="/v/fd"/></disk>
      <disk device="lun"><source dev="/v/lun"/></disk>
      <disk device="disk"><source file="/v/ro"/><readonly/></disk>
      <disk device="disk"><source file="/v/shared"/><shareable/></disk>`;
    const volumes = ['/v/cd', '/v/fd', '/v/lun', '/v/ro', '/v/shared'];
    assert.deepEqual(await pathsOf({ devices, volumes }), []);
  });

  test('no disk while the domain is active', async () => {
    const volumes = ['/images/a b.qcow2'];
    for (const state of ['running', 'paused', 'shutting-down', 'crashed'] as const)
      assert.deepEqual(await pathsOf({ domain: record({ state }), devices: DISK, volumes }), [], state);
    assert.deepEqual(await pathsOf({ devices: DISK, volumes }), volumes);
  });

  test('saved state, NVRAM and snapshots', async () => {
    const some = await findLeftovers(
      targetOn({
        os: '<nvram>/var/lib/libvirt/nvram/web.fd</nvram>',
        managedSave: async () => true,
        snapshots: async () => ['a', 'b'],
      }),
      {},
    );
    assert.deepEqual([some.managedSave, some.nvram, some.snapshots], [true, true, 2]);
    const none = await findLeftovers(targetOn({}), {});
    assert.deepEqual([none.managedSave, none.nvram, none.snapshots], [false, false, 0]);
  });

  test('nothing of what the driver does not know', async () => {
    const unsupported = refusing(ErrorCode.NO_SUPPORT);
    const { managedSave, snapshots, disks } = await findLeftovers(
      targetOn({
        devices: DISK,
        managedSave: unsupported,
        snapshots: unsupported,
        lookupError: ErrorCode.NO_SUPPORT,
      }),
      {},
    );
    assert.deepEqual([managedSave, snapshots, disks], [false, 0, []]);
  });

  test('is an error, not nothing, when libvirt refuses to say', async () => {
    const denied = refusing(ErrorCode.ACCESS_DENIED);
    await assert.rejects(findLeftovers(targetOn({ snapshots: denied }), {}), RemoteError);
    await assert.rejects(
      findLeftovers(targetOn({ devices: DISK, lookupError: ErrorCode.ACCESS_DENIED }), {}),
      RemoteError,
    );
  });

  test('is an error when the domain is gone', async () => {
    await assert.rejects(findLeftovers(targetOn({ domain: undefined }), {}), /no longer there/);
  });
});
