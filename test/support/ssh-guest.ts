import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../../scripts/lib/cannot-run.ts';
import { userCache } from '../../scripts/lib/paths.ts';
import { cpio, type Entry, FILE, FOLDER, PROGRAM } from './linux-guest/cpio.ts';
import { unpackGuestPackages } from './linux-guest/packages.ts';
import type { LinuxKernel } from './linux-guest.ts';
import { networkGuestFor } from './network-guest.ts';
import type { PrivateDaemon } from './private-daemon.ts';

/** What the file systems of a CD-ROM and of shared folders take, in the order in which they need each other. */
const MODULES = ['cdrom', 'isofs', 'nls_utf8', 'fuse', 'virtiofs'];
const PACKAGES = ['dropbear-bin', 'libtomcrypt1', 'libtommath1', 'libgmp10', 'zlib1g', 'libcrypt1'];

/**
 * The network test guest with an ssh server that is set up as a cloud image is: it waits for a seed on its second
 * disk, makes the user of its user data with those keys, and shows the host key that it finds there. It is no
 * cloud-init, and boots from a kernel of the host; what it reads is what cloud-init would read.
 * @throws CannotRunError where its parts are not to be had.
 */
export async function sshGuestFor(daemon: Pick<PrivateDaemon, 'folder'>): Promise<LinuxKernel> {
  const { kernel, initrd } = await networkGuestFor(daemon);
  const both = join(daemon.folder, 'initrd-ssh');
  if (!existsSync(both))
    await writeFile(both, Buffer.concat([await readFile(initrd), await readFile(await archive())]));
  return { kernel, initrd: both };
}

async function archive(): Promise<string> {
  const recipe = createHash('sha256').update(await readFile(import.meta.filename));
  recipe.update(await readFile(join(import.meta.dirname, 'linux-guest/seed.sh')));
  const folder = join(userCache, `ssh-guest-${recipe.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) await build(folder);
  return join(folder, 'initrd');
}

async function build(folder: string): Promise<void> {
  await mkdir(userCache, { recursive: true });
  const work = await mkdtemp(join(userCache, 'ssh-guest-build-'));
  try {
    const root = join(work, 'root');
    await unpackGuestPackages(root);
    await unpack(root);
    const result = join(work, 'result');
    await mkdir(result);
    await writeFile(join(result, 'initrd'), cpio(await entries(root)));
    await rename(result, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(root: string): Promise<void> {
  const downloads = join(root, 'more-packages');
  await mkdir(downloads);
  const options = { cwd: downloads, stdin: 'ignore', all: true, reject: false } as const;
  const { failed, all } = await execa('apt-get', ['-qq', 'download', ...PACKAGES], options);
  if (failed) throw new CannotRunError(`apt-get download ${PACKAGES.join(' ')}: ${all}`);
  for (const file of await readdir(downloads)) await execa('dpkg', ['-x', join(downloads, file), root]);
}

async function entries(root: string): Promise<readonly Entry[]> {
  const found: Entry[] = ['seed', 'usr', 'usr/sbin', 'usr/bin', 'usr/lib', 'usr/lib/x86_64-linux-gnu'].map(
    (path) => ({
      path,
      mode: FOLDER,
    }),
  );
  const order: string[] = [];
  for (const name of MODULES) {
    const [file] = globSync(join(root, 'lib/modules/*/kernel/**', `${name}.ko`));
    if (file === undefined) continue;
    order.push(basename(file));
    found.push({ path: `seed/${basename(file)}`, mode: FILE, data: await readFile(file) });
  }
  found.push({
    path: 'seed/order',
    mode: FILE,
    data: Buffer.from(order.map((name) => `${name}\n`).join('')),
  });
  for (const path of ['usr/sbin/dropbear', 'usr/bin/dropbearconvert'])
    found.push({ path, mode: PROGRAM, data: await readFile(join(root, path)) });
  // The C library is in the guest already, for its agent.
  for (const library of globSync(
    join(root, '{usr/lib,lib}/x86_64-linux-gnu/lib{tomcrypt,tommath,gmp,z,crypt}.so.*'),
  ))
    found.push({
      path: `usr/lib/x86_64-linux-gnu/${basename(library)}`,
      mode: PROGRAM,
      data: await readFile(library),
    });
  const script = await readFile(join(import.meta.dirname, 'linux-guest/seed.sh'));
  return [...found, { path: 'network/more', mode: PROGRAM, data: script }];
}
