import { createHash, randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../../scripts/lib/cannot-run.ts';
import { userCache } from '../../scripts/lib/paths.ts';
import { cpio, type Entry, FILE, FOLDER, LINK, PROGRAM } from './linux-guest/cpio.ts';
import { unpackGuestPackages } from './linux-guest/packages.ts';
import type { PrivateDaemon } from './private-daemon.ts';
import { escapeXml } from './tiny-os.ts';

/** Who can log in at the serial ports. At the screen nobody is asked. */
export const LINUX_LOGIN = { user: 'root', password: 'workbench' } as const;

/** In the order in which they need each other; what the kernel has built in is not found, and not needed. */
const MODULES = [
  'virtio_ring.ko',
  'virtio.ko',
  'virtio_pci_modern_dev.ko',
  'virtio_pci_legacy_dev.ko',
  'virtio_pci.ko',
  'virtio_console.ko',
  'virtio_blk.ko',
  'virtio_balloon.ko',
  'virtio_mem.ko',
  'virtio_input.ko',
  'failover.ko',
  'net_failover.ko',
  'virtio_net.ko',
  'evdev.ko',
  'button.ko',
];

/** Lines of `user:password`, or with `-e` of what is hashed already: busybox here has no chpasswd. */
const CHANGE_PASSWORDS = `#!/bin/sh
while IFS=: read -r user password; do
  if [ "$1" = -e ]; then hash=$password; else hash=$(mkpasswd -m sha512 "$password"); fi
  sed -i "s|^$user:[^:]*:|$user:$hash:|" /etc/shadow
done
`;

export interface LinuxKernel {
  readonly kernel: string;
  readonly initrd: string;
}

export interface LinuxGuest {
  readonly name: string;
  readonly uuid?: string;
  /** Devices besides its first serial port, as XML. */
  readonly devices?: string;
  /** With the channel that the guest agent answers on. */
  readonly agent?: boolean;
  /** With this VNC display, as XML, and a VGA screen. */
  readonly graphics?: string;
  readonly memoryMiB?: number;
  /** More words for the kernel, which says little unless it is told `ignore_loglevel`. */
  readonly commandLine?: string;
}

/**
 * A Debian kernel and a first file system with busybox, init, a login and the QEMU guest agent. Made once per
 * user, without being root. At its serial ports it asks for {@link LINUX_LOGIN}; at the screen there is a shell.
 * It is up some seconds after its start, obeys the power button and Ctrl+Alt+Del, and keeps nothing.
 * @throws CannotRunError where its parts are not to be had.
 */
async function linuxKernel(): Promise<LinuxKernel> {
  const init = await readFile(join(import.meta.dirname, 'linux-guest', 'init.sh'));
  const recipe = createHash('sha256')
    .update(init)
    .update(await readFile(import.meta.filename));
  const folder = join(userCache, `linux-guest-${recipe.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) await build(folder, init);
  return { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
}

/** For the option `skip` of a suite: false, or why this machine cannot have the guest. */
export async function whyNoLinux(): Promise<string | false> {
  try {
    await linuxKernel();
    return false;
  } catch (error) {
    if (error instanceof CannotRunError) return error.message;
    throw error;
  }
}

/** Copies for a daemon, whose QEMU user cannot look into somebody's cache. */
export async function linuxKernelFor(daemon: Pick<PrivateDaemon, 'folder'>): Promise<LinuxKernel> {
  const source = await linuxKernel();
  const copy = { kernel: join(daemon.folder, 'vmlinuz'), initrd: join(daemon.folder, 'initrd') };
  for (const part of ['kernel', 'initrd'] as const)
    if (!existsSync(copy[part]))
      await link(source[part], copy[part]).catch(() => copyFile(source[part], copy[part]));
  return copy;
}

/** The XML of an emulated guest that boots it. */
export function linuxGuestXml(guest: LinuxGuest, { kernel, initrd }: LinuxKernel): string {
  const { name, uuid, devices = '', agent = false, graphics, memoryMiB = 128, commandLine = '' } = guest;
  const words = `console=tty0 console=ttyS0 quiet cryptomgr.notests rdinit=/init ${commandLine}`.trim();
  const channel = '<channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>';
  return `<domain type="qemu">
  <name>${escapeXml(name)}</name>
  ${uuid === undefined ? '' : `<uuid>${escapeXml(uuid)}</uuid>`}
  <memory unit="MiB">${memoryMiB}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>${escapeXml(kernel)}</kernel>
    <initrd>${escapeXml(initrd)}</initrd>
    <cmdline>${escapeXml(words)}</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <serial type="pty"><target port="0"/></serial>
    <console type="pty"><target type="serial" port="0"/></console>
    <controller type="usb" model="none"/>
    <memballoon model="none"/>
    ${agent ? channel : ''}
    ${graphics === undefined ? '' : `${graphics}<video><model type="vga" vram="16384"/></video>`}
    ${devices}
  </devices>
</domain>
`;
}

async function build(folder: string, init: Buffer): Promise<void> {
  await mkdir(userCache, { recursive: true });
  const work = await mkdtemp(join(userCache, 'linux-guest-build-'));
  try {
    const root = join(work, 'root');
    await unpackGuestPackages(root);
    const result = join(work, 'result');
    await mkdir(result);
    const [kernel] = globSync(join(root, 'boot/vmlinuz-*'));
    if (kernel === undefined) throw new Error('The kernel package has no kernel');
    await copyFile(kernel, join(result, 'vmlinuz'));
    await writeFile(join(result, 'initrd'), cpio(await fileSystem(root, init)));
    await rename(result, folder).catch((error: unknown) => {
      // Somebody else made it meanwhile.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fileSystem(root: string, init: Buffer): Promise<readonly Entry[]> {
  const busybox = join(root, 'bin/busybox');
  const agent = join(root, 'usr/sbin/qemu-ga');
  const { stdout: hash } = await execa(busybox, [
    'mkpasswd',
    '-m',
    'sha512',
    LINUX_LOGIN.password,
    randomUUID().slice(0, 8),
  ]);
  const folders = [
    'bin',
    'sbin',
    'etc',
    'etc/acpi',
    'etc/acpi/PWRF',
    'root',
    'modules',
    'usr',
    'usr/sbin',
    'lib',
    'lib64',
    'lib/x86_64-linux-gnu',
  ];
  return [
    ...folders.map((path) => ({ path, mode: FOLDER })),
    { path: 'init', mode: PROGRAM, data: init },
    program('bin/busybox', await readFile(busybox)),
    program('usr/sbin/qemu-ga', await readFile(agent)),
    ...(await libraries(agent)),
    ...(await modules(root)),
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nvisitor:x:1000:1000::/tmp:/bin/sh\n'),
    text('etc/shadow', `root:${hash}:19000:0:99999:7:::\nvisitor:!:19000:0:99999:7:::\n`),
    text('etc/group', 'root:x:0:\nvisitor:x:1000:\n'),
    text('etc/securetty', 'ttyS0\nttyS1\nhvc0\ntty1\n'),
    text(
      'etc/os-release',
      'ID=workbench\nNAME="Workbench Linux"\nPRETTY_NAME="Workbench Linux 1"\nVERSION_ID=1\n',
    ),
    program('etc/acpi/PWRF/00000080', '#!/bin/sh\nexec /bin/poweroff\n'),
    // What the agent runs to shut down, to set a password and to set the clock.
    program(
      'sbin/shutdown',
      '#!/bin/sh\ncase "$1" in -r) exec /bin/reboot ;; *) exec /bin/poweroff ;; esac\n',
    ),
    { path: 'sbin/hwclock', mode: LINK, data: Buffer.from('/bin/busybox') },
    program('usr/sbin/chpasswd', CHANGE_PASSWORDS),
  ];
}

function program(path: string, data: Uint8Array | string): Entry {
  return { path, mode: PROGRAM, data: Buffer.from(data) };
}

function text(path: string, data: string): Entry {
  return { path, mode: FILE, data: Buffer.from(data) };
}

/** This machine's own, at the places where the program looks for them. */
async function libraries(path: string): Promise<readonly Entry[]> {
  const { stdout } = await execa('ldd', [path]);
  const found = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/gu)].map(([, file]) => file ?? '');
  return Promise.all(
    found.map(async (file) => {
      const folder = basename(file).startsWith('ld-') ? 'lib64' : 'lib/x86_64-linux-gnu';
      return program(`${folder}/${basename(file)}`, await readFile(file));
    }),
  );
}

async function modules(root: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of MODULES) {
    const [file] = globSync(join(root, 'lib/modules/*/kernel/**', name));
    if (file !== undefined) entries.push({ path: `modules/${name}`, mode: FILE, data: await readFile(file) });
  }
  const order = entries.map(({ path }) => `${basename(path)}\n`).join('');
  return [...entries, text('modules/order', order)];
}
