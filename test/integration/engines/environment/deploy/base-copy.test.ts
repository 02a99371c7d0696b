import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { connect } from '../../../../../src/client/libvirt/connect.ts';
import {
  chooseBase,
  isBase,
  markerOf,
  provideBase,
  type Uploader,
} from '../../../../../src/engines/environment/deploy/base-copy.ts';
import { deleteVolumes, ensureVolume } from '../../../../../src/engines/environment/deploy/storage.ts';
import { sweepBases } from '../../../../../src/engines/environment/deploy/sweep-bases.ts';
import { uploaderToken } from '../../../../../src/engines/environment/images/uploader.ts';
import { rawVolumeXml } from '../../../../../src/model/storage/volume-xml.ts';
import { GuestPool } from '../../../../../src/model/operations/pool/guest-pool.ts';
import { EnvironmentBench } from '../support.ts';

const MIB = 1024 * 1024;
const SIZE = 24 * MIB;

suite('The copy of an image on a host', { timeout: 120_000 }, () => {
  let bench: EnvironmentBench;
  let pool: GuestPool;
  let image: { readonly key: string; readonly format: string; readonly path: string };
  const signal = AbortSignal.timeout(300_000);

  before(async () => {
    bench = await EnvironmentBench.open();
    const path = join(bench.folder, 'base.raw');
    await writeFile(path, randomBytes(SIZE));
    image = { key: '0123456789ab', format: 'raw', path };
    pool = await GuestPool.choose(bench.connection);
    await pool.open({ signal });
  });
  after(async () => bench[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const volume of await pool.list()) await bench.connection.storageVolumes.delete(volume);
  });

  async function uploader(name: string): Promise<Uploader> {
    const folder = join(bench.folder, name);
    await mkdir(folder, { recursive: true });
    return { folder, token: await uploaderToken(folder) };
  }

  /** What an Up does in a window of its own. */
  async function bring(by: Uploader): Promise<string> {
    const connection = await connect(bench.daemon.uri, signal);
    try {
      const own = await GuestPool.choose(connection);
      const copy = await chooseBase(own, image, by);
      await provideBase(own, copy, by, { signal });
      return copy.name;
    } finally {
      connection.close();
    }
  }

  const names = async () => (await pool.list()).map(({ name }) => name).toSorted();

  /** The daemon has folders of its own. */
  async function bytesOf(name: string): Promise<Buffer> {
    const { storageVolumes, volumeTransfers } = bench.connection;
    const volume = await storageVolumes.lookupByName(await pool.open({ signal }), name);
    const path = join(bench.folder, `${name}.back`);
    await volumeTransfers.download(volume, path);
    return readFile(path);
  }
  const isWhole = async (name: string) =>
    assert.ok((await readFile(image.path)).equals(await bytesOf(name)), `${name} is whole`);

  /** What is there of an upload that goes on elsewhere, or whose window was killed. */
  async function leaveHalf(name: string): Promise<Buffer> {
    const volume = await bench.connection.storageVolumes.create(
      await pool.open({ signal }),
      rawVolumeXml(name),
    );
    const half = join(bench.folder, 'half');
    const data = (await readFile(image.path)).subarray(0, SIZE / 2);
    await writeFile(half, data);
    await bench.connection.volumeTransfers.upload(volume, half);
    return data;
  }

  test('is made once for windows of one person, however many want it at the same time', async () => {
    const me = await uploader('mine');
    const all = await Promise.all([bring(me), bring(me), bring(me)]);
    assert.equal(new Set(all).size, 1);
    const [name] = all;
    await isWhole(name);
    assert.deepEqual(await names(), [name, markerOf(name)].toSorted());
    assert.equal(await bring(await uploader('later')), name, 'a whole one serves everybody');
  });

  test('is not taken from another who is uploading, nor taken for whole', async () => {
    const other = `kvm-base-${image.key}-0badcafe.raw`;
    const half = await leaveHalf(other);
    const old = `kvm-base-${image.key}.raw`;
    await leaveHalf(old);
    const name = await bring(await uploader('mine'));
    await isWhole(name);
    assert.ok(![other, old].includes(name));
    assert.ok(half.equals(await bytesOf(other)));
    assert.ok((await names()).includes(old));
  });

  test('is made anew by who was killed while making it', async () => {
    const me = await uploader('mine');
    const { name } = await chooseBase(pool, image, me);
    await leaveHalf(name);
    assert.equal(await bring(me), name);
    await isWhole(name);
    // Shorter than it was, although there is somebody's word that it is whole.
    await bench.connection.storageVolumes.delete(
      await bench.connection.storageVolumes.lookupByName(await pool.open({ signal }), name),
    );
    await leaveHalf(name);
    assert.equal(await bring(me), name);
    await isWhole(name);
  });

  test('that nobody finished goes after a day, unless something starts from it', async () => {
    const { storageVolumes } = bench.connection;
    const old = `kvm-base-${image.key}.raw`;
    const used = `kvm-base-ba9876543210.raw`;
    const orphan = markerOf('kvm-base-0123-45.raw');
    await leaveHalf(old);
    await leaveHalf(used);
    const whole = await bring(await uploader('mine'));
    const overlay = { name: 'overlay.qcow2', kind: 'overlay', bytes: SIZE } as const;
    await ensureVolume(pool, { ...overlay, backing: { path: pool.pathOf(used), format: 'raw' } }, { signal });
    for (const name of [orphan, 'kvm-other.raw'])
      await storageVolumes.create(await pool.open({ signal }), rawVolumeXml(name));
    const all = await names();
    await sweepBases(pool, { signal });
    assert.deepEqual(await names(), all, 'it may still be on its way');
    await sweepBases(pool, { signal }, Date.now() + 2 * 24 * 60 * 60 * 1000);
    const kept = ['kvm-other.raw', 'overlay.qcow2', used, whole, markerOf(whole)];
    assert.deepEqual(await names(), kept.toSorted());
  });

  test('goes to several people’s guests at once, pair after pair', async () => {
    for (let pair = 0; pair < 10; pair += 1) {
      const [one, two] = await Promise.all([bring(await uploader('one')), bring(await uploader('two'))]);
      await Promise.all([isWhole(one), isWhole(two)]);
      const volumes = (await names()).filter((name) => isBase({ name }));
      await deleteVolumes(
        bench.connection,
        volumes.map((name) => ({ pool: pool.name, name })),
      );
      assert.deepEqual(await names(), []);
    }
  });
});
