import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { isBase, markerOf } from '../../../../src/engines/environment/deploy/base-copy.ts';
import {
  destroyGuest,
  destroyNetworks,
  findOwnGuests,
} from '../../../../src/engines/environment/deploy/down.ts';
import { up } from '../../../../src/engines/environment/deploy/up.ts';
import type { Operation, Scene } from '../scene.ts';
import { isWholeDisc } from './disc.ts';

const IMAGE = (scene: Scene) => scene.source('disk.vmdk');
const ONE = 'memory: 32 MiB, accel: tcg, networks: []';

/** Two guests that start from one image. */
const withImage = (scene: Scene) => `name: ${scene.prefix}
guests:
  one: { image: ${IMAGE(scene)}, ${ONE} }
  two: { image: ${IMAGE(scene)}, ${ONE} }
`;

/** A guest with a seed, which nobody can log in to. */
const withSeed = (scene: Scene) => `name: ${scene.prefix}
guests:
  one:
    image: ${IMAGE(scene)}
    memory: 32 MiB
    accel: tcg
    networks: [user]
    cloud-init: { user: me }
`;

/** A guest with a disk of its own in a network of its own. */
const withNetwork = (scene: Scene) => `name: ${scene.prefix}
networks:
  lab: { mode: isolated }
guests:
  one: { multiboot: ${scene.places.kernel}, memory: 32 MiB, disk: [16 MiB, 8 MiB], accel: tcg, networks: [lab] }
`;

type Text = (scene: Scene) => string;

async function bringUp(scene: Scene, text: Text): Promise<void> {
  const kvm = await scene.kvm();
  const environment = await kvm.load(text(scene));
  const options = { signal: scene.signal, bootTimeoutMs: 100 };
  const results = await up(environment, await kvm.plan(environment), kvm.services, options);
  for (const { error } of results) {
    // All is there by then; its system is none that would accept logins.
    if (error instanceof Error && error.name === 'NotUpError') continue;
    if (error !== undefined) throw error;
  }
}

async function takeDown(scene: Scene, text: Text): Promise<void> {
  const kvm = await scene.kvm();
  const { guests } = await kvm.load(text(scene));
  for (const own of await findOwnGuests(guests, kvm.services.id, async () => kvm.host))
    await destroyGuest(own, kvm.services);
  await destroyNetworks(kvm.services.id, kvm.host);
}

/** Every guest runs, and starts from a copy of the image that is the image. */
async function runs(scene: Scene, text: Text): Promise<void> {
  const kvm = await scene.kvm();
  const { guests } = await kvm.load(text(scene));
  for (const { domain, source, cloudInit } of guests) {
    assert.equal(await scene.virsh('domstate', domain), 'running', domain);
    if (source.kind === 'image') await startsFromImage(scene, domain);
    if (cloudInit === undefined) continue;
    await hasItsSeed(scene, domain);
  }
}

/** The guest gets the host key that it is known by. */
async function hasItsSeed(scene: Scene, domain: string): Promise<void> {
  const { services } = await scene.kvm();
  const [, line = ''] = (await readFile(join(services.folder, `${domain}.host`), 'utf8')).split('\n');
  assert.ok(line.length > 40);
  const xml = await scene.virsh('dumpxml', domain);
  const [, name = ''] = /<source file='[^']*\/([^'/]+-seed-[0-9a-f]{8}\.iso)'/u.exec(xml) ?? [];
  const seed = await readFile(scene.volume(name));
  assert.ok(seed.includes(line), 'the guest has the seed that was made for it');
  assert.ok(isWholeDisc(seed), 'the seed is whole');
}

async function startsFromImage(scene: Scene, domain: string): Promise<void> {
  const disk = scene.volume(`${domain}-disk1.qcow2`);
  const { stdout } = await execa('qemu-img', ['info', '-U', '--output=json', disk], { stdin: 'ignore' });
  const { 'backing-filename': base = '' } = JSON.parse(stdout) as { 'backing-filename'?: string };
  const { exitCode, stdout: said } = await execa(
    'qemu-img',
    ['compare', '-U', base, scene.source('disk.raw')],
    {
      reject: false,
      stdin: 'ignore',
    },
  );
  assert.equal(exitCode, 0, `the base of ${domain} is whole: ${said}`);
  const volumes = await readdir(scene.volume(''));
  const whole = volumes.filter((name) => isBase({ name }) && volumes.includes(markerOf(name)));
  assert.ok(
    whole.some((name) => base.endsWith(`/${name}`)),
    `the base of ${domain} is noted as whole`,
  );
}

async function isGone(scene: Scene): Promise<void> {
  const lines = (await scene.virsh('list', '--all', '--name')).split('\n');
  assert.deepEqual(
    lines.filter((name) => ['one', 'two'].some((guest) => name === `${scene.prefix}-${guest}`)),
    [],
    'no guest is left',
  );
}

function operation(name: string, text: Text): Operation {
  return {
    name,
    usesHost: true,
    run: (scene) => bringUp(scene, text),
    verify: (scene) => runs(scene, text),
    async undo(scene) {
      await takeDown(scene, text);
      await isGone(scene);
    },
  };
}

const rebuild: Operation = {
  ...operation('rebuild a guest', withSeed),
  isOnce: true,
  prepare: (scene) => bringUp(scene, withSeed),
  async run(scene) {
    await takeDown(scene, withSeed);
    await bringUp(scene, withSeed);
  },
};

const destroy: Operation = {
  name: 'delete guests',
  usesHost: true,
  isOnce: true,
  prepare: (scene) => bringUp(scene, withImage),
  run: (scene) => takeDown(scene, withImage),
  verify: isGone,
  undo: async () => undefined,
};

export const onGuests: readonly Operation[] = [
  operation('up of guests with an image', withImage),
  operation('up of a guest with a seed', withSeed),
  operation('up of a guest with a network', withNetwork),
  rebuild,
  destroy,
];
