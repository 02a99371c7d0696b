import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../../scripts/lib/cannot-run.ts';
import { userCache } from '../../scripts/lib/paths.ts';

/** The kernel with all drivers: that of clouds has no 9p. */
const PACKAGES = [
  'cloud-init',
  'cloud-guest-utils',
  'dbus',
  'grub-pc-bin',
  'initramfs-tools',
  'iproute2',
  'linux-image-amd64',
  'netplan.io',
  'openssh-server',
  'sudo',
  'systemd-sysv',
  'udev',
];

const LABEL = 'cloudroot';
const SECTOR = 512;
/** As every partitioning program leaves before the first partition; the boot loader lives there. */
const FIRST_SECTOR = 2048;
const ROOT_MIB = 2200;

const GRUB = 'usr/lib/grub/i386-pc';
const CORE = 'boot/core.img';
const CONFIG = 'boot/early.cfg';

/** What a cloud image has beside its packages. */
const FILES: Readonly<Record<string, string>> = {
  'etc/fstab': `LABEL=${LABEL} / ext4 errors=remount-ro 0 1\n`,
  // Drawn anew by each machine at its first boot.
  'etc/machine-id': 'uninitialized\n',
  'etc/hostname': 'localhost\n',
  // The only one that is there without the package that makes others.
  'etc/cloud/cloud.cfg.d/01_image.cfg': 'locale: C.UTF-8\n',
  [CONFIG]: `set root=(hd0,msdos1)
linux /vmlinuz root=LABEL=${LABEL} ro console=tty0 console=ttyS0,115200
initrd /initrd.img
boot
`,
};

/** The tree of a Debian 12 cloud image. Made once for each user. Needs root and mmdebstrap. */
async function debianTree(): Promise<string> {
  return madeOnce('debian-12-tree', async (work) => {
    if (process.getuid?.() !== 0) throw new CannotRunError('Only root can make a Debian tree');
    const tree = join(work, 'tree');
    const options = ['--variant=minbase', `--include=${PACKAGES.join(',')}`];
    await execa('mmdebstrap', [...options, 'bookworm', tree], { stdin: 'ignore', all: true });
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(tree, name), text);
    // Its own GRUB, whatever distribution this is.
    const modules = ['biosdisk', 'part_msdos', 'ext2', 'linux'];
    const format = ['-O', 'i386-pc', '-p', '/boot/grub', '-c', `/${CONFIG}`, '-o', `/${CORE}`];
    await execa('chroot', [tree, 'grub-mkimage', ...format, ...modules], { stdin: 'ignore' });
    await execa('sh', ['-c', 'rm -f etc/ssh/ssh_host_*_key* var/cache/apt/archives/*.deb'], { cwd: tree });
    return tree;
  });
}

/**
 * A disk image of Debian 12 as a cloud's: GRUB, Debian's kernel, systemd, cloud-init and OpenSSH, nobody who could
 * log in, no host keys. A qcow2 file that is only to be read.
 */
export async function debianImage(): Promise<string> {
  const tree = await debianTree();
  return madeOnce('debian-12-image', async (work) => {
    const raw = join(work, 'raw');
    // What this GRUB does not know is left out of the file system.
    const options = ['-O', '^orphan_file,^metadata_csum_seed', '-L', LABEL, '-d', tree];
    const place = ['-E', `offset=${FIRST_SECTOR * SECTOR}`, raw, `${ROOT_MIB}M`];
    await execa('mke2fs', ['-q', '-t', 'ext4', ...options, ...place]);
    await makeBootable(raw, tree);
    const image = join(work, 'image.qcow2');
    await execa('qemu-img', ['convert', '-q', '-c', '-O', 'qcow2', raw, image]);
    return image;
  });
}

/** Writes the table of one partition, and the two parts of GRUB: the first loads what begins at the second sector. */
async function makeBootable(raw: string, tree: string): Promise<void> {
  const first = Buffer.alloc(SECTOR);
  (await readFile(join(tree, GRUB, 'boot.img'))).copy(first, 0, 0, 440);
  const partition = Buffer.from([0x80, 0, 2, 0, 0x83, 0xff, 0xff, 0xff]);
  partition.copy(first, 446);
  first.writeUInt32LE(FIRST_SECTOR, 454);
  first.writeUInt32LE((ROOT_MIB * 1024 * 1024) / SECTOR, 458);
  first.writeUInt16LE(0xaa_55, 510);
  await using file = await open(raw, 'r+');
  await file.write(first, 0, SECTOR, 0);
  await file.write(await readFile(join(tree, CORE)), 0, undefined, SECTOR);
}

/** What `make` makes, kept under a name that changes with this file. */
async function madeOnce(name: string, make: (work: string) => Promise<string>): Promise<string> {
  const recipe = createHash('sha256').update(await readFile(import.meta.filename));
  const made = join(userCache, `${name}-${recipe.digest('hex').slice(0, 12)}`);
  if (existsSync(made)) return made;
  await mkdir(userCache, { recursive: true });
  const work = await mkdtemp(join(userCache, `${name}-build-`));
  try {
    await rename(await make(work), made);
    return made;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
