import { element, type NewElement } from '../../language/xml/build.ts';
import { archDefaults, cdromBus, isX86 } from './arch.ts';
import type {
  BackingImage,
  GuestDisk,
  GuestFilesystem,
  GuestInterface,
  GuestSerial,
  GuestSpec,
  PortForward,
} from './guest-spec.ts';

/** All that stands in `<devices>`, in libvirt's order. */
export function deviceElements(spec: GuestSpec): readonly NewElement[] {
  const { arch = 'x86_64', machine = archDefaults(arch).machine } = spec;
  const { interfaces = [], serials = [{}], filesystems = [] } = spec;
  return [
    ...diskElements(spec.disks ?? [], (disk) => disk.bus ?? defaultBus(disk, arch, machine)),
    // USB would cost a kernel's boot a second or more; who has a screen wants a tablet.
    ...(spec.graphics === undefined && isX86(arch)
      ? [element('controller', { type: 'usb', model: 'none' })]
      : []),
    ...filesystems.map(filesystemElement),
    ...interfaces.map(interfaceElement),
    ...serialElements(serials),
    ...(spec.agent === true ? [agentElement()] : []),
    ...graphicsElements(spec),
    ...(spec.tpm === true ? [tpmElement(arch === 'x86_64' || arch === 'i686')] : []),
    ...(spec.balloon === true ? [] : [element('memballoon', { model: 'none' })]),
    ...(spec.rng === false ? [] : [rngElement()]),
    ...(spec.panic === true && isX86(arch) ? [element('panic', { model: 'isa' })] : []),
  ];
}

function defaultBus(disk: GuestDisk, arch: Parameters<typeof cdromBus>[0], machine: string) {
  return disk.device === 'cdrom' ? cdromBus(arch, machine) : 'virtio';
}

const DISK_PREFIXES = { virtio: 'vd', sata: 'sd', scsi: 'sd', ide: 'hd', usb: 'sd' };

function diskElements(
  disks: readonly GuestDisk[],
  busOf: (disk: GuestDisk) => keyof typeof DISK_PREFIXES,
): readonly NewElement[] {
  const used = new Map<string, number>();
  const elements = disks.map((disk) => {
    const bus = busOf(disk);
    const prefix = DISK_PREFIXES[bus];
    const index = used.get(prefix) ?? 0;
    used.set(prefix, index + 1);
    return diskElement(disk, bus, `${prefix}${letters(index)}`);
  });
  const scsi = disks.some((disk) => busOf(disk) === 'scsi');
  return scsi ? [...elements, element('controller', { type: 'scsi', model: 'virtio-scsi' })] : elements;
}

/** a … z, aa, ab: how Linux and libvirt count disks. */
function letters(index: number): string {
  const last = String.fromCodePoint(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

function diskElement(disk: GuestDisk, bus: string, target: string): NewElement {
  const { device = 'disk', format, source, serial } = disk;
  const cdrom = device === 'cdrom';
  return element(
    'disk',
    { type: 'file' in source ? 'file' : 'block' in source ? 'block' : 'volume', device },
    element('driver', { name: 'qemu', type: format, discard: cdrom ? undefined : 'unmap' }),
    'file' in source
      ? element('source', { file: source.file })
      : 'block' in source
        ? element('source', { dev: source.block })
        : element('source', { pool: source.pool, volume: source.volume }),
    backingElement(disk.backing),
    element('target', { dev: target, bus }),
    disk.readonly === true || cdrom ? element('readonly') : undefined,
    disk.transient === true ? element('transient') : undefined,
    serial === undefined ? undefined : element('serial', {}, serial),
  );
}

/** An empty one ends the chain of images: QEMU would otherwise open whatever the last one names. */
function backingElement(backing: BackingImage | undefined): NewElement {
  if (backing === undefined) return element('backingStore');
  const { file, format, hasOwn } = backing;
  return element(
    'backingStore',
    { type: 'file' },
    element('format', { type: format }),
    element('source', { file }),
    hasOwn ? undefined : backingElement(undefined),
  );
}

function filesystemElement({ driver, source, tag, readonly }: GuestFilesystem): NewElement {
  const virtiofs = driver === 'virtiofs';
  return element(
    'filesystem',
    // Files keep their owner with virtiofs; 9p lets QEMU's user have them, and notes the rest aside.
    { type: 'mount', accessmode: virtiofs ? 'passthrough' : 'mapped' },
    virtiofs ? element('driver', { type: 'virtiofs' }) : undefined,
    element('source', { dir: source }),
    element('target', { dir: tag }),
    // virtiofs knows no read-only side in older libvirts: the guest mounts it so.
    readonly === true && !virtiofs ? element('readonly') : undefined,
  );
}

function interfaceElement(network: GuestInterface): NewElement {
  const { mac, model = 'virtio' } = network;
  const address = mac === undefined ? undefined : element('mac', { address: mac });
  const card = element('model', { type: model });
  switch (network.kind) {
    case 'network':
      return element(
        'interface',
        { type: 'network' },
        address,
        element('source', { network: network.network }),
        card,
      );
    case 'bridge':
      return element(
        'interface',
        { type: 'bridge' },
        address,
        element('source', { bridge: network.bridge }),
        card,
      );
    case 'user':
      return element('interface', { type: 'user' }, address, card);
    case 'passt':
      return element(
        'interface',
        { type: 'user' },
        address,
        card,
        element('backend', { type: 'passt' }),
        ...(network.forwards ?? []).map(forwardElement),
      );
  }
}

function forwardElement({
  protocol = 'tcp',
  address = '127.0.0.1',
  hostPort,
  guestPort,
}: PortForward): NewElement {
  return element(
    'portForward',
    { proto: protocol, address },
    element('range', { start: hostPort, to: guestPort }),
  );
}

function serialElements(serials: readonly GuestSerial[]): readonly NewElement[] {
  const ports = serials.map(({ log }, port) =>
    element(
      'serial',
      { type: 'pty' },
      // What an earlier run said would be taken for this one's.
      log === undefined ? undefined : element('log', { file: log, append: 'off' }),
      element('target', { port }),
    ),
  );
  const first = serials[0];
  if (first === undefined) return [];
  return [...ports, element('console', { type: 'pty' }, element('target', { type: 'serial', port: 0 }))];
}

function agentElement(): NewElement {
  return element(
    'channel',
    { type: 'unix' },
    element('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' }),
  );
}

function graphicsElements({ arch = 'x86_64', graphics }: GuestSpec): readonly NewElement[] {
  if (graphics === undefined)
    return isX86(arch) ? [element('video', {}, element('model', { type: 'none' }))] : [];
  const listen =
    graphics.listen === 'socket'
      ? element('listen', { type: 'socket' })
      : element('listen', { type: 'address', address: '127.0.0.1' });
  const video = graphics.video ?? archDefaults(arch).video;
  return [
    element('input', { type: 'tablet', bus: 'usb' }),
    ...(isX86(arch) ? [] : [element('input', { type: 'keyboard', bus: 'usb' })]),
    element('graphics', { type: 'vnc', port: -1, autoport: 'yes' }, listen),
    element('video', {}, element('model', { type: video })),
  ];
}

function tpmElement(x86: boolean): NewElement {
  return element(
    'tpm',
    { model: x86 ? 'tpm-crb' : 'tpm-tis' },
    element('backend', { type: 'emulator', version: '2.0' }),
  );
}

function rngElement(): NewElement {
  return element('rng', { model: 'virtio' }, element('backend', { model: 'random' }, '/dev/urandom'));
}
