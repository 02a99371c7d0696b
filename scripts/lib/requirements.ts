import { access, constants, glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findCodeServer } from './code-server.ts';
import { findBrowser } from './browser.ts';

/** One thing that has to be on the machine, and the Debian and Ubuntu packages that bring it. */
export interface Requirement {
  readonly packages: readonly string[];
  isPresent(): Promise<boolean>;
}

async function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function hasCommand(name: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) if (await exists(join(folder, name), constants.X_OK)) return true;
  return false;
}

async function hasMatch(pattern: string): Promise<boolean> {
  for await (const _ of glob(pattern)) return true;
  return false;
}

function command(name: string, ...packages: string[]): Requirement {
  return { packages, isPresent: () => hasCommand(name) };
}

function file(pattern: string, ...packages: string[]): Requirement {
  return { packages, isPresent: () => hasMatch(pattern) };
}

const tinyOs = [command('gcc', 'gcc'), command('make', 'make')];

const libvirt: Requirement[] = [
  {
    packages: ['libvirt-daemon-system'],
    isPresent: async () => (await hasCommand('libvirtd')) || (await hasCommand('virtqemud')),
  },
  file('/usr/lib*/**/libvirt/connection-driver/libvirt_driver_qemu.so', 'libvirt-daemon-driver-qemu'),
  command('virsh', 'libvirt-clients'),
  command('qemu-system-x86_64', 'qemu-system-x86'),
  command('qemu-img', 'qemu-utils'),
];

/** What compiling code-server's native modules takes, and nothing once that is done. */
const codeServer = [
  command('g++', 'g++'),
  command('make', 'make'),
  command('python3', 'python3'),
  command('pkg-config', 'pkg-config'),
  file('/usr/include/gssapi/gssapi.h', 'libkrb5-dev'),
  file('/usr/include/libsecret-1/libsecret/secret.h', 'libsecret-1-dev'),
  file('/usr/include/X11/Xlib.h', 'libx11-dev'),
  file('/usr/include/X11/extensions/XKBfile.h', 'libxkbfile-dev'),
].map((each) => ({
  ...each,
  isPresent: async () => (await findCodeServer()) !== undefined || (await each.isPresent()),
}));

const browser: Requirement = {
  packages: ['chromium-headless-shell'],
  isPresent: async () => (await findBrowser()) !== undefined,
};
const documentation = file('/usr/share/doc/libvirt-doc/html/formatdomain.html', 'libvirt-doc');
const cdrom = command('genisoimage', 'genisoimage');
const gdb = command('gdb', 'gdb');
const ssh = command('ssh', 'openssh-client');

export const requirements = {
  tinyOs,
  libvirt,
  codeServer,
  tests: [
    browser,
    // What hovers of the XML editor say is taken from it when the extension is built.
    documentation,
    // The DHCP server of libvirt's networks, and what makes the CD-ROM of cloud-init.
    command('dnsmasq', 'dnsmasq-base'),
    cdrom,
    gdb,
    // A guest of another architecture, its debugger and its assembler: the smallest of them that Debian has.
    command('gdb-multiarch', 'gdb-multiarch'),
    command('qemu-system-aarch64', 'qemu-system-arm'),
    command('aarch64-linux-gnu-as', 'binutils-aarch64-linux-gnu'),
    // How the far side of an ssh connection reaches a socket there.
    command('nc', 'netcat-openbsd'),
    ssh,
    command('sshd', 'openssh-server'),
    command('ip', 'iproute2'),
    command('swtpm', 'swtpm'),
    command('swtpm_setup', 'swtpm-tools'),
    command('ps', 'procps'),
    command('setfacl', 'acl'),
    command('openssl', 'openssl'),
    command('saslpasswd2', 'sasl2-bin'),
    file('/usr/lib*/**/sasl2/libscram.so', 'libsasl2-modules'),
  ],
} satisfies Record<string, readonly Requirement[]>;

/** What only benchmarks and compatibility trials need, of their peers for the most part. */
export const extras = {
  browser,
  documentation,
  gdb,
  ssh,
  cdrom,
  lxc: file('/usr/lib*/libvirt/libvirt_lxc', 'libvirt-daemon-driver-lxc'),
  /** A Debian tree, and the file system of an image. */
  debianTree: command('mmdebstrap', 'mmdebstrap'),
  ext4: command('mke2fs', 'e2fsprogs'),
  /** libvirt's C client. */
  pythonLibvirt: file('/usr/lib/python3/dist-packages/libvirt.py', 'python3-libvirt'),
  virtInstall: command('virt-install', 'virtinst'),
  xmllint: command('xmllint', 'libxml2-utils'),
  xz: command('xz', 'xz-utils'),
  /** A terminal for a program that insists on one. */
  script: command('script', 'bsdutils'),
} satisfies Record<string, Requirement>;
