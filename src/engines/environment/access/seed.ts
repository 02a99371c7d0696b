import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { t } from '@vscode/l10n';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { replaceFile } from '../../../model/files/replace-file.ts';
import { withTemporaryFolder } from '../../../model/files/temporary.ts';
import { oneLine, oneWord } from '../../../model/text/line.ts';
import type { DeclaredCloudInit, DeclaredMount } from '../file/model.ts';

export interface SeedInput {
  readonly cloudInit: DeclaredCloudInit;
  /** A new one makes cloud-init run again. */
  readonly instanceId: string;
  readonly authorizedKey: string;
  readonly hostKey: { readonly privateKey: string; readonly publicKey: string };
  readonly mounts: readonly {
    readonly mount: DeclaredMount;
    readonly tag: string;
    readonly driver: 'virtiofs' | '9p';
  }[];
}

/**
 * The files that cloud-init reads, by name. It puts some of their values into files that are read line by line.
 * @throws LineError
 */
export async function seedFiles(input: SeedInput): Promise<ReadonlyMap<string, string>> {
  const { cloudInit, instanceId } = input;
  const files = new Map<string, string>();
  const metaData = { 'instance-id': instanceId, 'local-hostname': oneWord(cloudInit.hostname) };
  files.set('meta-data', stringify(metaData));
  files.set(
    'user-data',
    cloudInit.userDataFile === undefined
      ? `#cloud-config\n${stringify(userData(input), { lineWidth: 0 })}`
      : await readFile(cloudInit.userDataFile, 'utf8'),
  );
  if (cloudInit.networkConfigFile !== undefined)
    files.set('network-config', await readFile(cloudInit.networkConfigFile, 'utf8'));
  return files;
}

function userData({ cloudInit, authorizedKey, hostKey, mounts }: SeedInput) {
  const { user, keys, packages, runcmd } = cloudInit;
  return {
    users: [
      {
        name: oneWord(user),
        // No others: cloud-init would create groups that the distribution does not have.
        groups: ['adm'],
        shell: '/bin/bash',
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        lock_passwd: true,
        ssh_authorized_keys: [authorizedKey, ...keys.flatMap(keyLines)],
      },
    ],
    // Otherwise sudo complains that it cannot find its own machine.
    manage_etc_hosts: 'localhost',
    disable_root: true,
    ssh_pwauth: false,
    // This key identifies the guest: keys of the image are deleted, and no other is created.
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    growpart: { mode: 'auto', devices: ['/'] },
    ...(packages.length === 0 ? {} : { package_update: true, packages }),
    ...(mounts.length === 0 ? {} : { mounts: mounts.map(mountLine) }),
    ...(runcmd.length === 0 ? {} : { runcmd }),
  };
}

/** A key may come with the end of its line, and several may come as one text. */
function keyLines(text: string): readonly string[] {
  const keys = text.split(/\r?\n/u).map((each) => oneLine(each.trim()));
  return keys.filter((each) => each !== '');
}

/** A line of fstab, in cloud-init's form. */
function mountLine({ mount, tag, driver }: SeedInput['mounts'][number]): readonly string[] {
  return [tag, oneLine(mount.target), driver, mountOptions(driver, mount.readonly), '0', '0'];
}

export function mountOptions(driver: 'virtiofs' | '9p', readonly: boolean): string {
  const mode = readonly ? 'ro' : 'rw';
  return driver === '9p' ? `trans=virtio,version=9p2000.L,msize=262144,${mode},nofail` : `${mode},nofail`;
}

const MAKERS: readonly (readonly [string, readonly string[]])[] = [
  ['genisoimage', []],
  ['mkisofs', []],
  ['xorrisofs', []],
  ['xorriso', ['-as', 'mkisofs']],
];

/**
 * Writes the seed that cloud-init's NoCloud looks for, with a program of the system. It holds the guest's private
 * host key, so that nobody else may read it.
 * @throws Error when no such program is installed
 */
export async function writeSeed(files: ReadonlyMap<string, string>, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withTemporaryFolder(path, async (folder) => {
    for (const [name, text] of files) await writeFile(join(folder, name), text, { mode: 0o600 });
    const made = join(folder, 'seed.iso');
    await makeIso([...files.keys()], folder, made);
    await replaceFile(path, (temporary) => rename(made, temporary));
  });
}

async function makeIso(names: readonly string[], folder: string, target: string): Promise<void> {
  for (const [program, first] of MAKERS) {
    const args = [
      ...first,
      '-quiet',
      '-output',
      target,
      '-volid',
      'cidata',
      '-joliet',
      '-rational-rock',
      ...names,
    ];
    const { failed, code, stderr } = await execa(program, args, {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
    });
    if (!failed) return;
    if (code !== 'ENOENT')
      throw new Error(t('{0} could not write the seed of cloud-init: {1}', program, stderr.trim()));
  }
  throw new MissingProgramError(
    t('No program that writes the seed of cloud-init is installed'),
    t('Install genisoimage or xorriso.'),
  );
}

/** Something has to be installed first. */
class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
