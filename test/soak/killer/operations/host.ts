import assert from 'node:assert/strict';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import { dumpMemory } from '../../../../src/model/operations/domain/dump-memory.ts';
import { findLeftovers } from '../../../../src/model/operations/domain/leftovers.ts';
import { undefineDomain } from '../../../../src/model/operations/domain/undefine.ts';
import { GuestPool } from '../../../../src/model/operations/pool/guest-pool.ts';
import { bringFile, takeAway } from '../../../../src/model/operations/volume/bring-file.ts';
import { tinyOsXml } from '../../../support/tiny-os.ts';
import { eventually } from '../../../support/eventually.ts';
import type { Operation, Scene } from '../scene.ts';

const upload: Operation = {
  name: 'upload a file to a pool',
  usesHost: true,
  async run(scene) {
    const { connection } = await scene.kvm();
    await bringFile(
      connection,
      { file: scene.source('disk.raw'), name: 'k-brought' },
      { signal: scene.signal },
    );
  },
  verify: async (scene) => isSource(scene, scene.volume('k-brought')),
  async undo(scene) {
    const { connection } = await scene.kvm();
    await takeAway(connection, [scene.volume('k-brought')]);
  },
};

async function isSource(scene: Scene, path: string): Promise<void> {
  assert.ok(
    (await readFile(path)).equals(await readFile(scene.source('disk.raw'))),
    `${path} is what was sent`,
  );
}

const download: Operation = {
  name: 'download a volume',
  usesHost: true,
  async run(scene) {
    const { connection } = await scene.kvm();
    const pool = await GuestPool.choose(connection);
    const volume = await pool.find('others.raw');
    assert.ok(volume);
    await connection.volumeTransfers.download(volume, scene.file('k-volume'), { signal: scene.signal });
  },
  async inspect(scene) {
    const found = await readFile(scene.file('k-volume')).catch(() => undefined);
    if (found !== undefined) assert.ok(found.equals(await readFile(scene.volume('others.raw'))));
  },
  async verify(scene) {
    assert.ok((await readFile(scene.file('k-volume'))).equals(await readFile(scene.volume('others.raw'))));
  },
  undo: async (scene) => rm(scene.file('k-volume')),
};

const DISKS = ['k-undefine-1.qcow2', 'k-undefine-2.qcow2'];

async function targetOf(scene: Scene, name: string): Promise<DomainTarget | undefined> {
  const { connection, host } = await scene.kvm();
  const found = (await connection.domains.list()).find((each) => each.name === name);
  return found === undefined ? undefined : new DomainTarget(host.host, found.uuid);
}

const undefine: Operation = {
  name: 'undefine a domain with its disks',
  usesHost: true,
  isOnce: true,
  async prepare(scene) {
    for (const name of DISKS) await scene.virsh('vol-create-as', 'default', name, '1M', '--format', 'qcow2');
    const disks = DISKS.map(
      (name, index) =>
        `<disk type="file"><driver name="qemu" type="qcow2"/><source file="${scene.volume(name)}"/><target dev="vd${'ab'[index]}" bus="virtio"/></disk>`,
    );
    const xml = tinyOsXml({ name: 'k-undefine', kernel: scene.places.kernel }).replace(
      '<devices>',
      `<devices>${disks.join('')}`,
    );
    await (await scene.kvm()).connection.domains.defineXml(xml);
  },
  async run(scene) {
    const target = await targetOf(scene, 'k-undefine');
    if (target === undefined) return;
    const { files } = await findLeftovers(target, {}, { signal: scene.signal });
    const all = { managedSave: true, snapshots: true, checkpoints: true, nvram: true, tpm: true };
    await undefineDomain(target, { ...all, files }, { signal: scene.signal });
  },
  async verify(scene) {
    assert.equal(await targetOf(scene, 'k-undefine'), undefined);
    const left = await scene.virsh('vol-list', 'default');
    for (const name of DISKS)
      assert.ok(!left.includes(name), `${name} is gone, or still belongs to something`);
  },
  undo: async () => undefined,
};

const pathOfDump = (scene: Scene) => join(scene.places.disk, 'pool', 'k-dump.elf');

const dump: Operation = {
  name: 'dump the memory of a guest',
  usesHost: true,
  async prepare(scene) {
    const { connection } = await scene.kvm();
    await connection.domains.createXml(tinyOsXml({ name: 'k-dump', kernel: scene.places.kernel }));
  },
  async run(scene) {
    const target = await targetOf(scene, 'k-dump');
    assert.ok(target, 'the guest still runs');
    await dumpMemory(
      target,
      { path: pathOfDump(scene), format: 'elf', replace: true },
      { signal: scene.signal },
    );
  },
  async inspect(scene) {
    // The daemon goes on with what it was told, whoever told it.
    await eventually(
      'the guest goes on',
      async () => (await scene.virsh('domstate', 'k-dump')) === 'running',
      10_000,
    );
    await isWholeDump(pathOfDump(scene), true);
  },
  verify: async (scene) => isWholeDump(pathOfDump(scene), false),
  async undo(scene) {
    await scene.virsh('destroy', 'k-dump');
    await rm(pathOfDump(scene), { force: true });
  },
};

/** An ELF core whose segments are all there. */
async function isWholeDump(path: string, mayBeMissing: boolean): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) {
    assert.ok(mayBeMissing, 'there is a dump');
    return;
  }
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(64 * 1024);
    await file.read(head, 0, head.length, 0);
    assert.equal(head.toString('latin1', 1, 4), 'ELF', 'the dump begins');
    const [at, each, count] = [
      Number(head.readBigUInt64LE(32)),
      head.readUInt16LE(54),
      head.readUInt16LE(56),
    ];
    for (let index = 0; index < count; index += 1) {
      const start = at + index * each;
      const end = Number(head.readBigUInt64LE(start + 8) + head.readBigUInt64LE(start + 32));
      assert.ok(end <= size, `the dump is whole: ${end} of ${size}`);
    }
  } finally {
    await file.close();
  }
}

export const onHost: readonly Operation[] = [upload, download, undefine, dump];
