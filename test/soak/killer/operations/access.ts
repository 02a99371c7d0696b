import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { copyFromGuest, copyToGuest, findInGuest } from '../../../../src/engines/environment/access/copy.ts';
import { seedFiles, writeSeed } from '../../../../src/engines/environment/access/seed.ts';
import {
  forgetSshHost,
  includeGuests,
  includeLine,
  noteSshHost,
} from '../../../../src/engines/environment/access/ssh-config.ts';
import { SshKeys } from '../../../../src/engines/environment/access/ssh-keys.ts';
import type { SshTarget } from '../../../../src/engines/environment/access/ssh-run.ts';
import type { Operation, Scene } from '../scene.ts';
import { isWholeDisc } from './disc.ts';

const target: SshTarget = { address: '192.0.2.1', port: 22, user: 'u', alias: 'k-guest', knownKey: true };
const PIECE = 300_000;

/** The folder of a workspace's keys. */
const folderOf = (scene: Scene) => scene.file('environments', 'own');
const keysOf = (scene: Scene) => new SshKeys(folderOf(scene));
const pathOfSeed = (scene: Scene) => join(folderOf(scene), 'k-guest-seed.iso');

const cloudInit = {
  user: 'me',
  hostname: 'k-guest',
  keys: [],
  packages: [],
  runcmd: [],
  userDataFile: undefined,
  networkConfigFile: undefined,
};

const seed: Operation = {
  name: 'make the keys and the seed of a guest',
  usesHost: false,
  async run(scene) {
    const keys = keysOf(scene);
    const authorizedKey = await keys.ensureIdentity();
    const hostKey = await keys.ensureHostKey('k-guest');
    const input = { cloudInit, instanceId: 'i', authorizedKey, hostKey, mounts: [] };
    await writeSeed(await seedFiles(input), pathOfSeed(scene));
  },
  async inspect(scene) {
    const names = await readdir(folderOf(scene)).catch((): string[] => []);
    if (names.includes('k-guest-seed.iso')) await isDisc(pathOfSeed(scene));
    for (const name of ['id_ed25519', 'k-guest.host'])
      if (names.includes(name)) await arePair(join(folderOf(scene), name));
  },
  async verify(scene) {
    await isDisc(pathOfSeed(scene));
    for (const name of ['id_ed25519', 'k-guest.host']) await arePair(join(folderOf(scene), name));
    const [type = '', key = ''] = (await readFile(join(folderOf(scene), 'k-guest.host.pub'), 'utf8')).split(
      ' ',
    );
    assert.equal(await readFile(keysOf(scene).knownHosts, 'utf8'), `k-guest ${type} ${key}\n`);
  },
  undo: async (scene) => rm(folderOf(scene), { recursive: true }),
};

async function isDisc(path: string): Promise<void> {
  assert.ok(isWholeDisc(await readFile(path)), 'the seed is whole');
}

async function arePair(path: string): Promise<void> {
  const { stdout } = await execa('ssh-keygen', ['-y', '-P', '', '-f', path], { stdin: 'ignore' });
  const words = (text: string) => text.split(' ').slice(0, 2).join(' ');
  assert.equal(words(await readFile(`${path}.pub`, 'utf8')), words(stdout));
}

/** A person's own config, and what else was in it. */
const CONFIG = '# mine: caf\u00e9\nHost a\n  HostName a.example\n'.repeat(40);
const configOf = (scene: Scene) => scene.file('.ssh', 'config');

const sshConfig: Operation = {
  name: 'write ssh’s files',
  usesHost: false,
  async prepare(scene) {
    await mkdir(scene.file('.ssh'), { recursive: true });
    await writeFile(configOf(scene), CONFIG, { mode: 0o640 });
    await noteSshHost(folderOf(scene), keysOf(scene), { ...target, alias: 'k-other' });
  },
  async run(scene) {
    await noteSshHost(folderOf(scene), keysOf(scene), target);
    await includeGuests(configOf(scene), scene.file('environments'));
  },
  async inspect(scene) {
    assert.ok((await readFile(configOf(scene), 'utf8')).endsWith(CONFIG));
    assert.match(await readFile(join(folderOf(scene), 'ssh_config'), 'utf8'), /^Host k-other\.kvm\n/u);
  },
  async verify(scene) {
    const text = await readFile(configOf(scene), 'utf8');
    assert.ok(text.endsWith(CONFIG) && text.includes(includeLine(scene.file('environments'))));
    const options = ['-G', '-F', join(folderOf(scene), 'ssh_config'), 'k-guest.kvm'];
    const { stdout } = await execa('ssh', options, { stdin: 'ignore' });
    assert.match(stdout, /^hostname 192\.0\.2\.1$/mu);
    await forgetSshHost(folderOf(scene), 'k-guest');
    assert.match(await readFile(join(folderOf(scene), 'ssh_config'), 'utf8'), /^Host k-other\.kvm\n/u);
  },
  async undo(scene) {
    await rm(folderOf(scene), { recursive: true });
    await rm(scene.file('.ssh'), { recursive: true });
  },
};

const OLD = Buffer.alloc(PIECE, 'old');
const NEW = Buffer.alloc(PIECE + 1, 'new');
const FILES = ['one', 'two', 'deep/three'] as const;

async function makeTree(folder: string, data: Buffer, ...more: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'deep'), { recursive: true });
  for (const name of [...FILES, ...more]) await writeFile(join(folder, name), data);
}

/** Each file is the old one or the new one, and what nobody sends stays. */
async function isEither(folder: string, choices: readonly Buffer[]): Promise<void> {
  for (const name of FILES) {
    const data = await readFile(join(folder, name));
    assert.ok(
      choices.some((each) => each.equals(data)),
      `${name} is whole`,
    );
  }
  assert.ok((await readFile(join(folder, 'own'))).equals(OLD), 'what is nobody’s business stays');
}

const fromGuest: Operation = {
  name: 'copy a folder from a guest',
  usesHost: false,
  async prepare(scene) {
    await makeTree(scene.guest('tree'), NEW);
    await makeTree(scene.file('tree'), OLD, 'own');
  },
  async run(scene) {
    const end = { keys: keysOf(scene), target };
    const file = await findInGuest(end, scene.guest('tree'), scene.signal);
    await copyFromGuest(end, file, scene.file(), { signal: scene.signal });
  },
  inspect: (scene) => isEither(scene.file('tree'), [OLD, NEW]),
  verify: (scene) => isEither(scene.file('tree'), [NEW]),
  async undo(scene) {
    await rm(scene.file('tree'), { recursive: true });
    await rm(scene.guest('tree'), { recursive: true });
  },
};

const toGuest: Operation = {
  name: 'copy a folder to a guest',
  usesHost: false,
  async prepare(scene) {
    await makeTree(scene.file('tree'), NEW);
    await makeTree(scene.guest('tree'), OLD, 'own');
  },
  run: (scene) =>
    copyToGuest({ keys: keysOf(scene), target }, [scene.file('tree')], scene.guest(), {
      signal: scene.signal,
    }),
  inspect: (scene) => isEither(scene.guest('tree'), [OLD, NEW]),
  verify: (scene) => isEither(scene.guest('tree'), [NEW]),
  undo: (scene) => fromGuest.undo(scene),
};

export const onAccess: readonly Operation[] = [seed, sshConfig, fromGuest, toGuest];
