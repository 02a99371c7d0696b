import { existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { archDefaults } from '../../../model/guest/arch.ts';
import type { DeclaredGuest } from '../file/model.ts';
import { chooseType, defaultMountDriver, defaultNetwork } from './build-guest.ts';
import { isFree } from './free-port.ts';
import { closedFolders, type EnvironmentHost, isClosed, KVM, QEMU_USERS } from './environment-host.ts';
import { type EnvironmentPlan, type GuestPlan, isDone } from './plan.ts';
import { listed } from './words.ts';

/** Something that would make Up fail, found before it touches anything. */
export interface Obstacle {
  /** The guests that it keeps from coming up. */
  readonly guests: readonly string[];
  /** A sentence without its full stop. */
  readonly message: string;
  readonly hint: string;
  /** What a button can do about it. */
  readonly fix?: Fix;
  /** Where in the file it comes from. */
  readonly key?: string;
}

export type Fix = { readonly title: string } & (
  | { run(): Promise<void> }
  /** A command for a terminal on this machine, which the person starts: it takes rights. */
  | { readonly command: string }
  /** Another value in the file. */
  | { readonly key: string; readonly value: string | readonly string[] }
  /** A setting of the editor's. */
  | { readonly setting: string }
);

/** Looks at everything that a host and this machine have to have. */
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
      message: `${host.name} has a network “${hostName}” that this kvm.yaml did not make`,
      hint: 'Give the network another name in the file.',
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
    checkPorts(plan),
    checkSpace(plan, imageFolder),
  ]);
  return found.flat();
}

function checkOwner({ guest, host, found }: GuestPlan, id: string): readonly Obstacle[] {
  if (found === undefined || found.record?.id === id) return [];
  const whose = found.record === undefined ? 'that no kvm.yaml made' : `of ${found.record.file}`;
  return [
    {
      guests: [guest.name],
      message: `${host.name} has a domain “${guest.domain}” ${whose}`,
      hint: 'It is left alone. Give the guest another name, or the file another “name”.',
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
        message: `${host.name} has no QEMU for ${guest.arch}`,
        hint: `Install it there: on Debian and Ubuntu it is ${EMULATORS[guest.arch]}.`,
        key: 'arch',
        ...installing(host, EMULATORS[guest.arch]),
      },
    ];
  if (guest.accel !== 'kvm') return [];
  if (types.has('kvm')) return [];
  const noAccess = host.isLocal && (await isClosed(KVM));
  const fix: Fix = noAccess
    ? { title: 'Join the Group kvm…', command: 'sudo usermod -aG kvm "$USER"' }
    : { title: 'Write “accel: tcg”', key: 'accel', value: 'tcg' };
  return [
    {
      guests: [guest.name],
      message: noAccess
        ? `You may not use /dev/kvm on this machine`
        : `${host.name} offers no KVM for ${guest.arch}: it is switched off in the firmware, or this is a guest itself`,
      hint: noAccess
        ? 'Join the group kvm (sudo usermod -aG kvm $USER) and log in again, or write “accel: tcg”.'
        : 'Write “accel: tcg” to emulate it, which is slower.',
      key: 'accel',
      fix,
    },
  ];
}

/** A package of this machine's, where it is one that has them. */
function installing(host: EnvironmentHost, name: string): { readonly fix?: Fix } {
  const isDebian = host.isLocal && existsSync('/usr/bin/apt-get');
  return isDebian ? { fix: { title: `Install ${name}…`, command: `sudo apt-get install ${name}` } } : {};
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
          message: `${host.name} has no network “${name}”`,
          hint: 'Declare it under “networks” in the file, or write “user” for user networking.',
          key: 'networks',
        },
      ];
    const { networks } = host.connection;
    const run = async () => networks.start(await networks.lookupByName(name));
    return [
      {
        guests: [guest.name],
        message: `The network “${name}” of ${host.name} is not active`,
        hint: 'Guests cannot be started on it.',
        key: 'networks',
        fix: { title: `Start Network ${name}`, run },
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
      message: `${host.name} has no passt: it takes the program, and a libvirt newer than 9.0 that was built with it`,
      hint: 'QEMU’s own user networking does the same, somewhat slower: write “user”.',
      key: 'networks',
      ...(guest.networks?.length === 1
        ? { fix: { title: 'Write “user”', key: 'networks', value: ['user'] } }
        : {}),
    });
  const firmware = guest.arch === 'aarch64' ? 'qemu-efi-aarch64' : 'ovmf';
  if ((uefi && !facts.uefi) || (guest.firmware === 'uefi-secure' && !facts.secureBoot))
    obstacles.push({
      guests: [guest.name],
      message: `${host.name} has no ${guest.firmware === 'uefi-secure' ? 'UEFI firmware with Secure Boot' : 'UEFI firmware'} for ${guest.arch}`,
      hint: `Install it there: on Debian and Ubuntu it is ${firmware}.`,
      key: 'firmware',
      ...installing(host, firmware),
    });
  if (guest.tpm && !facts.tpm)
    obstacles.push({
      guests: [guest.name],
      message: `${host.name} cannot emulate a TPM`,
      hint: 'Install swtpm there.',
      key: 'tpm',
      ...installing(host, 'swtpm'),
    });
  return obstacles;
}

/** What is only read is copied where QEMU cannot get at it; what is written to, or shared, has to be there. */
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
        message: `${listed(elsewhere)} ${elsewhere.length === 1 ? 'is' : 'are'} on this machine, and ${host.name} is another`,
        hint: 'A remote guest can have neither “mounts” nor a disk with a “path”.',
      },
    ];
  if (host.isSession || !host.isLocal) return [];
  const obstacles: Obstacle[] = [];
  for (const [path, key] of [
    ...disks.map((each) => [each, 'disk'] as const),
    ...mounts.map((each) => [`${each}/.`, 'mounts'] as const),
  ]) {
    const folders = await closedFolders(path);
    const [folder, second] = folders;
    if (folder === undefined) continue;
    obstacles.push({
      guests: [guest.name],
      message: `QEMU cannot read ${path.replace(/\/\.$/u, '')}: its user may not go through ${listed(folders)}`,
      hint: `It needs the right to enter ${second === undefined ? 'that folder' : 'those folders'} (x).`,
      key,
      fix: {
        title: second === undefined ? `Let QEMU Enter ${folder}` : `Let QEMU Enter ${folders.length} Folders`,
        run: async () => {
          for (const each of folders) await letQemuEnter(each);
        },
      },
    });
  }
  return obstacles;
}

/** The right for one user; the folder stays closed to all others. */
async function letQemuEnter(folder: string): Promise<void> {
  const { execa } = await import('execa');
  for (const user of QEMU_USERS) {
    const args = ['-m', `u:${user}:x`, '--', folder];
    const { failed, code } = await execa('setfacl', args, { reject: false, stdin: 'ignore' });
    if (!failed) return;
    if (code === 'ENOENT')
      throw new Error('there is no setfacl, which gives a right to one user: the package acl has it');
  }
  throw new Error(`setfacl could not give ${listed(QEMU_USERS, 'or')} the right to enter ${folder}`);
}

async function checkPorts({ guest, found }: GuestPlan): Promise<readonly Obstacle[]> {
  // A guest that runs has them itself.
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
      message: `Another program listens at port ${port.host} of this machine`,
      hint: `Choose another one: “${port.host + 1}:${port.guest}”.`,
      key: 'ports',
    }));
}

/** What an installed system needs at the least; the checks while it is made find the rest. */
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
      message: `There are ${Math.floor(free / 1024 / 1024)} MiB left for images in ${imageFolder}`,
      hint: 'Make room there, or choose another folder in the setting kvm.images.folder.',
      key: 'image',
      fix: { title: 'Choose Folder…', setting: 'kvm.images.folder' },
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

/** The same obstacle of several guests is told once. */
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
