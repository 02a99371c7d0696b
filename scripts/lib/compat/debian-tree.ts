import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { userCache } from '../paths.ts';

const PACKAGES = [
  'libvirt-daemon',
  'libvirt-daemon-driver-qemu',
  'libvirt-daemon-driver-lxc',
  'libvirt-daemon-driver-storage',
  'qemu-system-x86',
  'qemu-utils',
  'passt',
];

/** Where the tree is, or will be: made once for each user. */
const recipe = createHash('sha256').update(PACKAGES.join()).digest('hex').slice(0, 12);
const tree = join(userCache, `debian-13-libvirt-${recipe}`);

/** A Debian 13 with its libvirt and QEMU, as a folder to change the root to. Needs root. */
export async function debianTree(): Promise<string> {
  const present = await access(join(tree, 'usr/sbin/libvirtd')).then(
    () => true,
    () => false,
  );
  if (present) return tree;
  await mkdir(userCache, { recursive: true });
  // Another run may make it at the same time; the first to be ready wins.
  const partial = `${tree}.${randomUUID()}`;
  const options = ['--variant=apt', `--include=${PACKAGES.join(',')}`];
  const noMore = '--aptopt=APT::Install-Recommends "false"';
  try {
    await execa('mmdebstrap', [...options, noMore, 'trixie', partial], { stdin: 'ignore', all: true });
    await rename(partial, tree);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return tree;
}
