import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import { RemoteError } from '../../../../../src/client/rpc/error.ts';
import type { DomainRecord } from '../../../../../src/model/inventory/kinds/domain-record.ts';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import type { Host } from '../../../../../src/model/inventory/host.ts';
import {
  type DeletableFile,
  findLeftovers,
  withoutBases,
} from '../../../../../src/model/operations/domain/leftovers.ts';
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
  readonly metadata?: string;
  /** Paths that lie in the pool, with what they start from. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** The definitions of other domains. */
  readonly others?: readonly string[];
  readonly libVersion?: string;
  readonly managedSave?: () => Promise<boolean>;
  readonly snapshots?: () => Promise<readonly string[]>;
  readonly checkpoints?: () => Promise<readonly string[]>;
  readonly poolsError?: number;
}

function targetOn(fake: FakeHost): DomainTarget {
  const domain = 'domain' in fake ? fake.domain : record();
  const volumes = fake.volumes ?? {};
  const none = refusing(ErrorCode.NO_STORAGE_POOL);
  const connection = {
    libVersion: async () => fake.libVersion ?? '9.0.0',
    domains: {
      list: async () =>
        fake.others?.map((_, index) => ({ name: `other-${index}`, uuid: `u${index}`, id: -1 })) ?? [],
      xml: async ({ uuid }: { uuid: string }) =>
        uuid.startsWith('u')
          ? (fake.others?.[Number(uuid.slice(1))] ?? '')
          : `<domain><metadata>${fake.metadata ?? ''}</metadata><devices>${fake.devices ?? ''}</devices></domain>`,
      hasManagedSave: fake.managedSave ?? (async () => false),
    },
    snapshots: {
      list: fake.snapshots ?? (async () => []),
      xml: async (snapshot: string) => snapshot,
    },
    checkpoints: { list: fake.checkpoints ?? (async () => []) },
    storagePools: {
      list:
        fake.poolsError === undefined
          ? async (flags: number) => (flags === 2 ? [{ name: 'images' }] : [])
          : refusing(fake.poolsError),
      volumes: async () => Object.keys(volumes).map((name) => ({ pool: 'images', name, key: name })),
      lookupByTargetPath: none,
      createXml: refusing(ErrorCode.INTERNAL_ERROR),
    },
    storageVolumes: {
      xml: async ({ name }: { name: string }) => {
        const backing =
          volumes[name] === '' ? '' : `<backingStore><path>${volumes[name] ?? ''}</path></backingStore>`;
        return `<volume><target><path>${name}</path></target>${backing}</volume>`;
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
  return (await findLeftovers(targetOn(fake), {})).files.map(({ path }) => path);
}

const disk = (path: string) => `<disk type="file" device="disk"><source file="${path}"/></disk>`;
const DISK = disk('/images/a b.qcow2');

suite('What a domain leaves behind', () => {
  test('files and devices that lie in a pool; a device outside of it stays', async () => {
    const devices = `${DISK}
      <disk type="block"><source dev="/dev/vg/web"/></disk>
      <disk type="block"><source dev="/dev/sdb"/></disk>
      <disk type="volume"><source pool="images" volume="/images/v"/></disk>
      <disk type="network" device="disk"><source protocol="rbd" name="x"/></disk>
      <disk device="disk"/>`;
    const volumes = { '/images/a b.qcow2': '', '/dev/vg/web': '', '/images/v': '' };
    const { files, kept } = await findLeftovers(targetOn({ devices, volumes }), {});
    assert.deepEqual(
      files.map(({ path }) => path),
      ['/images/a b.qcow2', '/dev/vg/web', '/images/v'],
    );
    assert.deepEqual(kept, [
      { name: '/dev/sdb', why: { kind: 'elsewhere' } },
      { name: 'rbd x', why: { kind: 'elsewhere' } },
    ]);
  });

  test('media that no other domain has, and no device that is handed through', async () => {
    const devices = `<disk device="cdrom"><source file="/v/seed"/></disk>
      <disk device="cdrom"><source file="/v/cd"/></disk>
      <disk device="lun" type="block"><source dev="/v/lun"/></disk>
      <disk device="disk"><source file="/v/ro"/><readonly/></disk>
      <disk device="disk"><source file="/v/shared"/><shareable/></disk>`;
    const volumes = { '/v/seed': '', '/v/cd': '', '/v/lun': '', '/v/ro': '', '/v/shared': '' };
    const others = [`<domain><devices><disk device="cdrom"><source file="/v/cd"/></disk></devices></domain>`];
    const { files, kept } = await findLeftovers(targetOn({ devices, volumes, others }), {});
    assert.deepEqual(
      files.map(({ path, role }) => [path, role]),
      [
        ['/v/seed', 'medium'],
        ['/v/ro', 'medium'],
      ],
    );
    assert.deepEqual(kept, [
      { name: '/v/shared', why: { kind: 'shareable' } },
      { name: '/v/cd', why: { kind: 'used', by: ['other-0'] } },
    ]);
  });

  test('no image that others start from, and none below one that stays', async () => {
    const volumes = { '/a': '/b', '/b': '/c', '/c': '', '/x': '/b' };
    const { files, kept } = await findLeftovers(targetOn({ devices: disk('/a'), volumes }), {});
    assert.deepEqual(
      files.map(({ path }) => path),
      ['/a'],
    );
    assert.deepEqual(
      kept.map(({ name }) => name),
      ['/b', '/c'],
    );
    const circle = { '/a': '/b', '/b': '/a' };
    assert.deepEqual(await pathsOf({ devices: disk('/a'), volumes: circle }), ['/a', '/b']);
  });

  test('no file while the domain is active', async () => {
    const volumes = { '/images/a b.qcow2': '' };
    for (const state of ['running', 'paused', 'shutting-down', 'crashed'] as const)
      assert.deepEqual(await pathsOf({ domain: record({ state }), devices: DISK, volumes }), [], state);
    assert.deepEqual(await pathsOf({ devices: DISK, volumes }), ['/images/a b.qcow2']);
  });

  test('saved state, snapshots and checkpoints, of which old libvirts are not asked', async () => {
    const host: FakeHost = {
      managedSave: async () => true,
      snapshots: async () => ['<domainsnapshot/>', '<domainsnapshot/>'],
      checkpoints: async () => ['c'],
    };
    const some = await findLeftovers(targetOn(host), {});
    assert.deepEqual([some.managedSave, some.snapshots, some.checkpoints], [true, 2, 1]);
    const old = await findLeftovers(
      targetOn({ ...host, checkpoints: refusing(ErrorCode.RPC), libVersion: '5.5.0' }),
      {},
    );
    assert.equal(old.checkpoints, 0);
    const none = await findLeftovers(targetOn({}), {});
    assert.deepEqual([none.managedSave, none.snapshots, none.checkpoints], [false, 0, 0]);
  });

  test('a file in a folder that nobody can look into stays, with the reason', async () => {
    const { files, kept } = await findLeftovers(targetOn({ devices: DISK }), {});
    assert.deepEqual([files, kept.map(({ name }) => name)], [[], ['/images/a b.qcow2']]);
  });

  test('what was chosen before, when that did not come to its end', async () => {
    const file = '<file path="/images/a"/>';
    const metadata = `<k:undefine xmlns:k="urn:kvm-workbench:undefine:1" nvram="yes" tpm="no">${file}</k:undefine>`;
    const { begun } = await findLeftovers(targetOn({ metadata }), {});
    assert.deepEqual(begun, { nvram: true, tpm: false, paths: ['/images/a'] });
    const other = metadata.replace('kvm-workbench', 'somebody');
    assert.equal((await findLeftovers(targetOn({ metadata: other }), {})).begun, undefined);
  });

  test('nothing of what the driver does not know', async () => {
    const unsupported = refusing(ErrorCode.NO_SUPPORT);
    const { managedSave, snapshots, files } = await findLeftovers(
      targetOn({
        devices: DISK,
        managedSave: unsupported,
        snapshots: unsupported,
        checkpoints: unsupported,
        poolsError: ErrorCode.NO_SUPPORT,
      }),
      {},
    );
    assert.deepEqual([managedSave, snapshots, files], [false, 0, []]);
  });

  test('is an error, not nothing, when libvirt refuses to say', async () => {
    const denied = refusing(ErrorCode.ACCESS_DENIED);
    await assert.rejects(findLeftovers(targetOn({ snapshots: denied }), {}), RemoteError);
    await assert.rejects(
      findLeftovers(targetOn({ devices: DISK, poolsError: ErrorCode.ACCESS_DENIED }), {}),
      RemoteError,
    );
  });

  test('is an error when the domain is gone', async () => {
    await assert.rejects(findLeftovers(targetOn({ domain: undefined }), {}), /no longer there/);
  });
});

test('An image is kept as long as a disk that is kept starts from it', () => {
  const file = (path: string, backing?: string): DeletableFile => ({
    path,
    backing,
    pool: 'images',
    name: path,
    role: 'disk',
  });
  const [top, middle, bottom] = [file('/top', '/middle'), file('/middle', '/bottom'), file('/bottom')];
  const all = [top, middle, bottom];
  assert.deepEqual(withoutBases(all, all), all);
  assert.deepEqual(withoutBases([top, bottom], all), [top]);
  assert.deepEqual(withoutBases([middle, bottom], all), []);
});
