import { stat } from 'node:fs/promises';
import { archDefaults, isX86 } from '../../../model/guest/arch.ts';
import { domainXml } from '../../../model/guest/domain-xml.ts';
import type {
  BackingImage,
  GuestDisk,
  GuestFilesystem,
  GuestInterface,
  GuestSpec,
  GuestType,
} from '../../../model/guest/guest-spec.ts';
import type { DeclaredGuest, DeclaredMount } from '../file/model.ts';
import type { EnvironmentHost } from './environment-host.ts';
import type { Facets } from './facets.ts';
import { digest, isStaged, macFor } from './names.ts';
import { passtForwards } from './passt-ports.ts';
import { type Progress, progressElement } from './progress.ts';
import { type OwnedVolume, recordElement } from './record.ts';
import type { GuestPool } from '../../../model/operations/pool/guest-pool.ts';
import type { WantedVolume } from './storage.ts';

/** The XML of a guest, and the volumes that it needs. */
export interface BuiltGuest {
  readonly xml: string;
  /** In the order in which they are made. */
  readonly volumes: readonly WantedVolume[];
}

/** An image that an overlay starts from. */
export interface BaseImage {
  readonly path: string;
  readonly format: string;
  readonly virtualBytes: number;
  /** The volume that it was copied to, where QEMU cannot read it here. */
  readonly upload: { readonly name: string; readonly file: string } | undefined;
  /** It is a volume of the host's own, which may start from another image in its turn. */
  readonly hasOwn: boolean;
}

export interface BuildInput {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly pool: GuestPool;
  readonly id: string;
  readonly file: string;
  readonly facets: Facets;
  /** The name that a network of the file has on the host. */
  readonly networkName: (network: string) => string;
  /** The UUID of the domain that is replaced. */
  readonly uuid: string | undefined;
  /** The volumes that its domain has until now. */
  readonly previous: readonly OwnedVolume[];
  /** A file with the seed of cloud-init, and a digest of what it says: the same bytes are never made twice. */
  readonly seed: { readonly file: string; readonly digest: string } | undefined;
  /** What it has open stays its own until it is made anew. */
  readonly running: boolean;
  /** The image that the guest starts from, as the host has it. */
  readonly base: BaseImage | undefined;
  /** The progress of the domain that is replaced. */
  readonly progress: Progress;
  /** What a person chose over `auto`. */
  readonly accel?: GuestType | undefined;
}

/** Works out a guest's domain. Nothing is created yet: the domain is defined first and lists what follows. */
export async function buildGuest(input: BuildInput): Promise<BuiltGuest> {
  const { guest, host, id, file, facets } = input;
  const { pool } = input;
  const volumes: WantedVolume[] = [];
  const staged = async (path: string, part: string) => {
    if (await (part === 'iso' ? host.canRead(path) : host.canReadBuilt(path))) return path;
    // A file that was built again gets another name.
    const { size, mtimeMs } = await stat(path);
    const name = `${guest.domain}-${part}-${digest(`${path}\0${size}\0${mtimeMs}`).slice(0, 8)}`;
    volumes.push({ name, kind: 'upload', file: path });
    return pool.pathOf(name);
  };
  const type = input.accel ?? (await chooseType(guest, host));
  const direct = await directBoot(guest, staged);
  const disks = await diskSpecs(input, staged, volumes);
  const machine = guest.machine ?? archDefaults(guest.arch).machine;
  const driver = await defaultMountDriver(guest, host, type);
  const owned: OwnedVolume[] = volumes.map(({ name }) => ({ pool: pool.name, name }));
  // A disk that the file no longer declares is kept until the guest is deleted: it may hold data.
  const kept = input.previous.filter(
    (old) => (input.running || !isStaged(old)) && !owned.some(({ name }) => name === old.name),
  );
  const spec: GuestSpec = {
    name: guest.domain,
    uuid: input.uuid,
    title: undefined,
    type,
    arch: guest.arch,
    machine,
    memoryKiB: guest.memoryKiB,
    vcpus: guest.cpus,
    direct,
    firmware: guest.firmware ?? (isX86(guest.arch) || direct !== undefined ? undefined : 'uefi'),
    disks,
    interfaces: await interfaceSpecs(input),
    filesystems: guest.mounts.map((mount, index) => filesystemSpec(mount, index, driver)),
    graphics: guest.display ? {} : undefined,
    tpm: guest.tpm,
    agent: guest.source.kind === 'image' || guest.source.kind === 'iso',
    balloon: guest.source.kind === 'image',
    metadata: [
      recordElement({ id, guest: guest.name, file, facets, volumes: [...owned, ...kept] }),
      progressElement(input.progress),
    ],
  };
  return { xml: domainXml(spec, guest.xml), volumes };
}

/** The tag by which the guest mounts a folder. */
export function mountTag(index: number): string {
  return `mount${index}`;
}

/** `auto` trusts libvirt's answer. If the acceleration is bad, a boot without progress offers emulation. */
export async function chooseType(guest: DeclaredGuest, host: EnvironmentHost): Promise<GuestType> {
  if (guest.accel !== 'auto') return guest.accel === 'kvm' ? 'kvm' : 'qemu';
  return (await host.guestTypes(guest.arch)).has('kvm') ? 'kvm' : 'qemu';
}

type Stage = (path: string, part: string) => Promise<string>;

async function directBoot({ source, arch }: DeclaredGuest, staged: Stage): Promise<GuestSpec['direct']> {
  if (source.kind === 'multiboot')
    return { kernel: await staged(source.multiboot, 'kernel'), cmdline: source.cmdline };
  if (source.kind !== 'kernel') return undefined;
  const { kernel, initrd, cmdline = '' } = source;
  const console_ = /(^|\s)console=/u.test(cmdline) ? '' : `console=${archDefaults(arch).console}`;
  return {
    kernel: await staged(kernel, 'kernel'),
    initrd: initrd === undefined ? undefined : await staged(initrd, 'initrd'),
    cmdline: [console_, cmdline].filter((part) => part !== '').join(' '),
  };
}

async function diskSpecs(
  { guest, seed, pool, base }: BuildInput,
  staged: Stage,
  volumes: WantedVolume[],
): Promise<readonly GuestDisk[]> {
  const { source } = guest;
  const disks: GuestDisk[] = guest.disks.map((disk, index) => {
    if (disk.kind === 'file') return { source: { file: disk.path }, format: disk.format, bus: disk.bus };
    const name = `${guest.domain}-disk${index + 1}.${disk.format}`;
    if (base !== undefined && index === 0) {
      const { upload, path, format, virtualBytes, hasOwn } = base;
      if (upload !== undefined) volumes.push({ kind: 'upload', ...upload });
      const bytes = Math.max(virtualBytes, disk.bytes ?? 0);
      volumes.push({ name, kind: 'overlay', bytes, backing: { path, format } });
      const backing: BackingImage = { file: path, format, hasOwn };
      return { source: { file: pool.pathOf(name) }, format: 'qcow2', bus: disk.bus, backing };
    }
    volumes.push({ name, kind: 'empty', bytes: disk.bytes ?? 0, format: disk.format });
    return { source: { file: pool.pathOf(name) }, format: disk.format, bus: disk.bus };
  });
  if (source.kind === 'iso')
    disks.push({ source: { file: await staged(source.iso, 'iso') }, format: 'raw', device: 'cdrom' });
  if (seed !== undefined) {
    // The file is private here; the volume belongs to the guest. One that says something else gets another name.
    const name = `${guest.domain}-seed-${seed.digest.slice(0, 8)}.iso`;
    volumes.push({ name, kind: 'upload', file: seed.file });
    // A disk and no CD-ROM: kernels that are made for clouds know virtio, but neither SATA nor IDE.
    disks.push({ source: { file: pool.pathOf(name) }, format: 'raw', bus: 'virtio', readonly: true });
  }
  return disks;
}

async function interfaceSpecs({
  guest,
  host,
  id,
  networkName,
}: BuildInput): Promise<readonly GuestInterface[]> {
  const declared = guest.networks ?? [{ to: await defaultNetwork(host), mac: undefined, model: 'virtio' }];
  const first = declared.findIndex(({ to }) => to.kind === 'passt');
  const forwards = first < 0 ? [] : await passtForwards(guest, host.isLocal, id);
  return declared.map(({ to, mac, model }, index): GuestInterface => {
    const card = { mac: mac ?? macFor(id, guest.name, index), model };
    switch (to.kind) {
      case 'own':
        return { kind: 'network', network: networkName(to.network), ...card };
      case 'host':
        return { kind: 'network', network: to.network, ...card };
      case 'bridge':
        return { kind: 'bridge', bridge: to.bridge, ...card };
      case 'user':
        return { kind: 'user', ...card };
      case 'passt':
        return { kind: 'passt', forwards: index === first ? forwards : [], ...card };
    }
  });
}

/** libvirt's network `default` where the host has it, else user networking: a session daemon has no networks. */
export async function defaultNetwork(
  host: EnvironmentHost,
): Promise<{ kind: 'host'; network: string } | { kind: 'user' }> {
  if (!host.isSession && (await host.network('default')) !== undefined)
    return { kind: 'host', network: 'default' };
  return { kind: 'user' };
}

function filesystemSpec(mount: DeclaredMount, index: number, driver: 'virtiofs' | '9p'): GuestFilesystem {
  return {
    driver: mount.driver ?? driver,
    source: mount.source,
    tag: mountTag(index),
    readonly: mount.readonly,
  };
}

/** virtiofs where the host has it. */
export async function defaultMountDriver(
  { mounts, arch, machine = archDefaults(arch).machine }: DeclaredGuest,
  host: EnvironmentHost,
  type: GuestType,
): Promise<'virtiofs' | '9p'> {
  if (mounts.length === 0) return '9p';
  return (await host.machine(arch, type, machine)).virtiofs ? 'virtiofs' : '9p';
}
