import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { openAppliance } from '../../../../src/engines/environment/images/appliance.ts';
import { makeDisk } from '../../../../src/engines/environment/images/make-disk.ts';
import { ImageStore } from '../../../../src/engines/environment/images/image-store.ts';
import type { ImageSource } from '../../../../src/engines/environment/file/model.ts';
import type { Operation, Scene } from '../scene.ts';

/** What is there from the start belongs to others. */
const OTHERS = 'ffffffffffff-';

async function isSameDisk(path: string, raw: string): Promise<void> {
  const { exitCode, stdout, stderr } = await execa('qemu-img', ['compare', path, raw], {
    reject: false,
    stdin: 'ignore',
  });
  assert.equal(exitCode, 0, `${path}: ${stdout} ${stderr}`);
}

function stored(
  name: string,
  source: (scene: Scene) => Exclude<ImageSource, { kind: 'volume' }>,
  isRight: (scene: Scene, path: string) => Promise<void>,
): Operation {
  const ensure = (scene: Scene) =>
    new ImageStore(scene.file('.images')).ensure(source(scene), { signal: scene.signal });
  return {
    name,
    usesHost: false,
    run: async (scene) => void (await ensure(scene)),
    async verify(scene) {
      await isRight(scene, (await ensure(scene)).path);
    },
    async undo(scene) {
      for (const each of await readdir(scene.file('.images')))
        if (!each.startsWith(OTHERS)) await rm(scene.file('.images', each), { recursive: true });
    },
  };
}

const converted = stored(
  'convert a base image',
  (scene) => ({ kind: 'file', path: scene.source('disk.vmdk'), format: 'vmdk' }),
  (scene, path) => isSameDisk(path, scene.source('disk.raw')),
);

const downloaded = stored(
  'download an image',
  ({ places }) => ({
    kind: 'url',
    url: `${places.images}/disk.raw`,
    checksum: { algorithm: 'sha256', digest: places.sha256.raw },
    format: 'raw',
  }),
  async (scene, path) =>
    assert.ok((await readFile(path)).equals(await readFile(scene.source('disk.raw'))), 'it is whole'),
);

/** The disks of an appliance, as Import makes them. */
const imported: Operation = {
  name: 'import an appliance',
  usesHost: false,
  async run(scene) {
    const appliance = await openAppliance(scene.source('machine.ova'), scene.signal);
    await appliance.verify(scene.signal);
    for (const [index, { source }] of appliance.disks.entries()) {
      assert.ok(source);
      await makeDisk(source, scene.file('disks', `k-disk${index + 1}.qcow2`), {
        signal: scene.signal,
        inside: scene.file(),
      });
    }
  },
  async inspect(scene) {
    for (const name of await readdir(scene.file('disks')))
      if (/^k-disk\d\.qcow2$/u.test(name))
        await isSameDisk(scene.file('disks', name), scene.source('disk.raw'));
  },
  async verify(scene) {
    for (const number of [1, 2])
      await isSameDisk(scene.file('disks', `k-disk${number}.qcow2`), scene.source('disk.raw'));
  },
  async undo(scene) {
    for (const number of [1, 2]) await rm(scene.file('disks', `k-disk${number}.qcow2`), { force: true });
  },
};

export const onImages: readonly Operation[] = [converted, downloaded, imported];
