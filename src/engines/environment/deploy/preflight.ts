import { existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { t } from '@vscode/l10n';
import { archDefaults } from '../../../model/guest/arch.ts';
import type { DeclaredGuest } from '../file/model.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';
import { listed, listedOr } from '../lists.ts';
import { chooseType, defaultMountDriver, defaultNetwork } from './build-guest.ts';
import { isFree } from './free-port.ts';
import { kernelRefusal } from './kernel-refusal.ts';
import { closedFolders, type EnvironmentHost, isClosed, KVM, QEMU_USERS } from './environment-host.ts';
import { type EnvironmentPlan, type GuestPlan, isDone } from './plan.ts';

/** Something that would make Up fail, found before it touches anything. */
export interface Obstacle {
  /** The guests that it keeps from coming up. */
  readonly guests: readonly string[];
  /** A sentence without its full stop. */
  readonly message: string;
  readonly hint: string;
  /** What one button does about it. */
  readonly fix?: Fix;
  /** Where in the file it comes from. */
  readonly key?: string;
}

export type Fix = { readonly title: string } & (
  | { run(): Promise<void> }
  /** A command for a terminal on this machine. It needs rights, so the person starts it. */
  | { readonly command: string }
  /** Another value in the file. */
  | { readonly key: string; readonly value: string | readonly string[] }
  /** A setting of the editor's. */
  | { readonly setting: string }
);

/** Checks everything that the host and this machine must have. */
export async function preflight(
  plan: EnvironmentPlan,
  id: string,
  imageFolder: string,
): Promise<readonly Obstacle[]> {
  const guests = await Promise.all(
    plan.guests.filter((each) => !isDone(each)).map((each) => checkGuest(each, id, imageFolder)),
  );
  const networks = plan.networks
    .filter(({ found }) => found !== undefined && found.record?.id !== id)
    .map(({ hostName, host }): Obstacle => ({
      guests: [],
      message: t('{0} already has a network “{1}”, which this kvm.yaml did not create', host.name, hostName),
      hint: t('Give the network another name in kvm.yaml.'),
    }));
  return merged([...networks, ...guests.flat()]);
}

async function checkGuest(plan: GuestPlan, id: string, imageFolder: string): Promise<readonly Obstacle[]> {
  const owner = checkOwner(plan, id);
  if (owner.length > 0) return owner;
  const emulator = await checkEmulator(plan);
  if (emulator.length > 0) return emulator;
  const found = await Promise.all([
    checkNetworks(plan),
    checkMachine(plan),
    checkFiles(plan),
    checkKernel(plan),
    checkPorts(plan),
    checkSpace(plan, imageFolder),
  ]);
  return found.flat();
}

function checkOwner({ guest, host, found }: GuestPlan, id: string): readonly Obstacle[] {
  if (found === undefined || found.record?.id === id) return [];
  return [
    {
      guests: [guest.name],
      message:
        found.record === undefined
          ? t('{0} already has a domain “{1}”, which no kvm.yaml created', host.name, guest.domain)
          : t(
              '{0} already has a domain “{1}”, which {2} created',
              host.name,
              guest.domain,
              found.record.file,
            ),
      hint: t('That domain is left alone. Rename the guest, or give the file another “name”.'),
    },
  ];
}

const EMULATORS = {
  x86_64: 'qemu-system-x86',
  i686: 'qemu-system-x86',
  aarch64: 'qemu-system-arm',
  riscv64: 'qemu-system-misc',
} as const;

async function checkEmulator({ guest, host }: GuestPlan): Promise<readonly Obstacle[]> {
  const types = await host.guestTypes(guest.arch);
  if (types.size === 0)
    return [
      {
        guests: [guest.name],
        message: t('{0} has no QEMU for {1}', host.name, guest.arch),
        hint: packageHint(EMULATORS[guest.arch]),
        key: 'arch',
        ...installing(host, EMULATORS[guest.arch]),
      },
    ];
  if (guest.accel !== 'kvm') return [];
  if (types.has('kvm')) return [];
  const noAccess = host.isLocal && (await isClosed(KVM));
  const fix: Fix = noAccess
    ? {
        title: t('Join Group kvm…'),
        // not for people: a shell reads it
        command: 'sudo usermod -aG kvm "$USER"',
      }
    : { title: t('Write “accel: tcg”'), key: 'accel', value: 'tcg' };
  return [
    {
      guests: [guest.name],
      message: noAccess
        ? t('Your user may not open /dev/kvm on this machine')
        : t(
            '{0} offers no KVM for {1}: it is disabled in the firmware, or the host is a guest itself',
            host.name,
            guest.arch,
          ),
      hint: noAccess
        ? t('Join the group kvm (sudo usermod -aG kvm $USER) and log in again, or write “accel: tcg”.')
        : t('Write “accel: tcg” to emulate the CPU, which is slower.'),
      key: 'accel',
      fix,
    },
  ];
}

function packageHint(name: string): string {
  return t('Install it on that host. On Debian and Ubuntu, the package is {0}.', name);
}

/** Installs a package, where the host is this machine and has apt. */
function installing(host: EnvironmentHost, name: string): { readonly fix?: Fix } {
  const isDebian = host.isLocal && existsSync('/usr/bin/apt-get');
  if (!isDebian) return {};
  // not for people: a shell reads it
  const command = `sudo apt-get install ${name}`;
  return { fix: { title: t('Install {0}…', name), command } };
}

async function checkNetworks({ guest, host }: GuestPlan): Promise<readonly Obstacle[]> {
  const wanted = guest.networks?.map(({ to }) => to) ?? [await defaultNetwork(host)];
  const names = wanted.flatMap((to) => (to.kind === 'host' ? [to.network] : []));
  const found = await Promise.all(names.map(async (name) => ({ name, state: await host.network(name) })));
  return found.flatMap(({ name, state }): readonly Obstacle[] => {
    if (state === 'active') return [];
    if (state === undefined)
      return [
        {
          guests: [guest.name],
          message: t('{0} has no network “{1}”', host.name, name),
          hint: t('Declare it under “networks” in kvm.yaml, or write “user” for user networking.'),
          key: 'networks',
        },
      ];
    const { networks } = host.connection;
    const run = async () => networks.start(await networks.lookupByName(name));
    return [
      {
        guests: [guest.name],
        message: t('Network “{0}” on {1} is not active', name, host.name),
        hint: t('Guests on it cannot start.'),
        key: 'networks',
        fix: { title: t('Start Network {0}', name), run },
      },
    ];
  });
}

async function checkMachine({ guest, host }: GuestPlan): Promise<readonly Obstacle[]> {
  const uefi = guest.firmware === 'uefi' || guest.firmware === 'uefi-secure';
  const passt = guest.networks?.some(({ to }) => to.kind === 'passt') === true;
  if (!uefi && !guest.tpm && !passt) return [];
  const type = await chooseType(guest, host);
  const facts = await host.machine(guest.arch, type, guest.machine ?? archDefaults(guest.arch).machine);
  const obstacles: Obstacle[] = [];
  if (passt && !facts.passt)
    obstacles.push({
      guests: [guest.name],
      message: t(
        '{0} cannot use passt: it needs the program, and a libvirt newer than 9.0 that was built with it',
        host.name,
      ),
      hint: t('Write “user” for QEMU’s own user networking, which does the same but is slower.'),
      key: 'networks',
      ...(guest.networks?.length === 1
        ? { fix: { title: t('Write “user”'), key: 'networks', value: ['user'] } }
        : {}),
    });
  const firmware = guest.arch === 'aarch64' ? 'qemu-efi-aarch64' : 'ovmf';
  if ((uefi && !facts.uefi) || (guest.firmware === 'uefi-secure' && !facts.secureBoot))
    obstacles.push({
      guests: [guest.name],
      message:
        guest.firmware === 'uefi-secure'
          ? t('{0} has no UEFI firmware with Secure Boot for {1}', host.name, guest.arch)
          : t('{0} has no UEFI firmware for {1}', host.name, guest.arch),
      hint: packageHint(firmware),
      key: 'firmware',
      ...installing(host, firmware),
    });
  if (guest.tpm && !facts.tpm)
    obstacles.push({
      guests: [guest.name],
      message: t('{0} cannot emulate a TPM', host.name),
      hint: t('Install swtpm on that host.'),
      key: 'tpm',
      ...installing(host, 'swtpm'),
    });
  return obstacles;
}

/** A file that is only read is copied to the host if need be; one that is written to or shared must be within QEMU's reach. */
async function checkFiles({ guest, host }: GuestPlan): Promise<readonly Obstacle[]> {
  const disks = guest.disks.flatMap((disk) => (disk.kind === 'file' ? [disk.path] : []));
  const driver = await defaultMountDriver(guest, host, await chooseType(guest, host));
  // virtiofsd runs as root and gets everywhere.
  const mounts = guest.mounts
    .filter((mount) => (mount.driver ?? driver) === '9p')
    .map(({ source }) => source);
  const elsewhere = host.isLocal ? [] : [...disks, ...guest.mounts.map(({ source }) => source)];
  if (elsewhere.length > 0)
    return [
      {
        guests: [guest.name],
        message:
          elsewhere.length === 1
            ? t('{0} is on this machine, and {1} is another', elsewhere[0] ?? '', host.name)
            : t('{0} are on this machine, and {1} is another', listed(elsewhere), host.name),
        hint: t('A guest on another machine can have neither “mounts” nor a disk with a “path”.'),
      },
    ];
  const obstacles: Obstacle[] = [];
  for (const disk of guest.disks)
    if (disk.kind === 'file') obstacles.push(...(await checkImage(guest.name, disk)));
  if (host.isSession || !host.isLocal) return obstacles;
  for (const [path, key] of [
    ...disks.map((each) => [each, 'disk'] as const),
    ...mounts.map((each) => [`${each}/.`, 'mounts'] as const),
  ]) {
    const folders = await closedFolders(path);
    const [folder, second] = folders;
    if (folder === undefined) continue;
    obstacles.push({
      guests: [guest.name],
      message: t(
        'QEMU cannot read {0}: its user may not enter {1}',
        path.replace(/\/\.$/u, ''),
        listed(folders),
      ),
      hint:
        second === undefined
          ? t('QEMU’s user needs the right to enter that folder (x).')
          : t('QEMU’s user needs the right to enter those folders (x).'),
      key,
      fix: {
        title:
          second === undefined
            ? t('Let QEMU Enter {0}', folder)
            : t('Let QEMU Enter {0} Folders', folders.length),
        run: async () => {
          for (const each of folders) await letQemuEnter(each);
        },
      },
    });
  }
  return obstacles;
}

/** Its guest would find nothing of what an image reads elsewhere, since nothing that images name is opened. */
async function checkImage(
  guest: string,
  { path, format }: { readonly path: string; readonly format: 'qcow2' | 'raw' },
): Promise<readonly Obstacle[]> {
  // Whether it is there at all is checked before.
  if (format === 'raw' || !existsSync(path)) return [];
  try {
    const { format: actual } = await openUntrusted(path);
    if (actual === format) return [];
    const message = t('{0} is no {1} image', path, format);
    return [
      {
        guests: [guest],
        message,
        hint: t('Put a good copy of it there, or correct its “format”.'),
        key: 'disk',
      },
    ];
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const hint = error.hint ?? t('Make one image of it with “qemu-img convert -O qcow2”.');
    return [{ guests: [guest], message: error.message, hint, key: 'disk' }];
  }
}

async function checkKernel({ guest }: GuestPlan): Promise<readonly Obstacle[]> {
  const refusal = await kernelRefusal(guest);
  return refusal === undefined ? [] : [{ guests: [guest.name], ...refusal }];
}

/** Gives the right to that one user; the folder stays closed to all others. */
async function letQemuEnter(folder: string): Promise<void> {
  const { execa } = await import('execa');
  for (const user of QEMU_USERS) {
    const args = ['-m', `u:${user}:x`, '--', folder];
    const { failed, code } = await execa('setfacl', args, { reject: false, stdin: 'ignore' });
    if (!failed) return;
    if (code === 'ENOENT')
      throw new Error(
        t('setfacl, which gives a right to one user, is not installed: it is in the package acl'),
      );
  }
  throw new Error(t('setfacl could not give {0} the right to enter {1}', listedOr(QEMU_USERS), folder));
}

async function checkPorts({ guest, found }: GuestPlan): Promise<readonly Obstacle[]> {
  // A running guest holds its ports itself.
  if (found?.running === true) return [];
  const checked = await Promise.all(
    guest.ports.map(async (port) => ({
      port,
      free: port.protocol === 'udp' || (await isFree(port.address, port.host)),
    })),
  );
  return checked
    .filter(({ free }) => !free)
    .map(({ port }) => ({
      guests: [guest.name],
      message: t('Another program already listens on port {0} of this machine', port.host),
      hint: t('Choose another port, such as “{0}:{1}”.', port.host + 1, port.guest),
      key: 'ports',
    }));
}

/** The least that an installed system needs; the checks during the download find the rest. */
const LEAST_BYTES = 512 * 1024 * 1024;

async function checkSpace({ guest, found }: GuestPlan, imageFolder: string): Promise<readonly Obstacle[]> {
  const source: DeclaredGuest['source'] = guest.source;
  if (
    found !== undefined ||
    source.kind !== 'image' ||
    source.image.kind === 'file' ||
    source.image.kind === 'volume'
  )
    return [];
  const space = await statfs(await nearestFolder(imageFolder));
  const free = space.bavail * space.bsize;
  if (free >= LEAST_BYTES) return [];
  return [
    {
      guests: [guest.name],
      message: t('{0} has only {1} MiB left for images', imageFolder, Math.floor(free / 1024 / 1024)),
      hint: t('Make room there, or choose another folder in the setting kvm.images.folder.'),
      key: 'image',
      fix: { title: t('Choose Folder…'), setting: 'kvm.images.folder' },
    },
  ];
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const there = await access(folder).then(
      () => true,
      () => false,
    );
    if (there || folder === dirname(folder)) return folder;
  }
}

/** An obstacle that several guests share is told once. */
function merged(obstacles: readonly Obstacle[]): readonly Obstacle[] {
  const byMessage = new Map<string, Obstacle>();
  for (const obstacle of obstacles) {
    const known = byMessage.get(obstacle.message);
    byMessage.set(
      obstacle.message,
      known === undefined ? obstacle : { ...known, guests: [...known.guests, ...obstacle.guests] },
    );
  }
  return [...byMessage.values()];
}
