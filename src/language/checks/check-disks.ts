import { t } from '@vscode/l10n';
import type { Fix } from '../schema/diagnostic.ts';
import { removeElement, setAttribute } from '../xml/edit.ts';
import { attributeBelow, valueBelow } from '../xml/find.ts';
import { childElement, type TextRange, type XmlElement } from '../xml/tree.ts';
import { freeName, targetOf, type DiskTarget } from './disk-bus.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { removal, remedy, setting } from './remedy.ts';

interface Disk extends DiskTarget {
  readonly element: XmlElement;
  /** `disk`, `cdrom`, `floppy` or `lun`. */
  readonly device: string;
  readonly view: DomainView;
}

interface Doubt {
  readonly at: TextRange;
  readonly message: string;
  readonly fixes?: readonly Fix[];
}

type Check = (disk: Disk) => Doubt | undefined;

/** What QEMU's disks cannot be, by the code of the finding. */
const CHECKS: Readonly<Record<string, Check>> = {
  'empty-disk': empty,
  'no-ide': ide,
  'wrong-bus': wrongBus,
  'lun-source': lun,
  'readonly-disk': readOnly,
  'native-io': nativeIo,
  'disk-format': format,
  'partition-target': partition,
  'disk-iothread': ioThread,
};

export function checkDisks(view: DomainView): Finding[] {
  return view.devices.flatMap((element) => (element.key === 'disk' ? checkDisk(element, view) : []));
}

function checkDisk(element: XmlElement, view: DomainView): Finding[] {
  const device = valueBelow(element, 'device') ?? 'disk';
  const disk = { element, device, view, ...targetOf(element) };
  return Object.entries(CHECKS).flatMap(([code, check]) => {
    const doubt = check(disk);
    if (doubt === undefined) return [];
    const { at, ...rest } = doubt;
    return [
      {
        start: at.start,
        end: at.end,
        code,
        reference: 'formatdomain.html#hard-drives-floppy-disks-cdroms',
        ...rest,
      },
    ];
  });
}

/** Only a drive with a door may be empty. */
function empty({ element, device, dev }: Disk): Doubt | undefined {
  if (device !== 'disk' && device !== 'lun') return undefined;
  const type = valueBelow(element, 'type') ?? 'file';
  const source = childElement(element, 'source');
  const isEmpty = source === undefined || (source.attributes.length === 0 && source.children.length === 0);
  if (!isEmpty || (type !== 'file' && type !== 'block' && type !== 'dir')) return undefined;
  return {
    at: nameRange(element),
    message: t('The disk {0} has no <source>: only CD-ROM and floppy drives may be empty.', dev?.value ?? ''),
  };
}

/** IDE is the disk bus of the older PC alone. */
function ide({ view, bus, place, dev, element, device }: Disk): Doubt | undefined {
  const { family, devices } = view;
  if (bus !== 'ide' || place === undefined || (family !== 'q35' && family !== 'arm')) return undefined;
  const message = t(
    'The machine {0} has no IDE; libvirt refuses the disk.',
    view.machine || (view.arch ?? ''),
  );
  const target = childElement(element, 'target');
  if (target === undefined) return { at: valueRange(place), message };
  const other = family === 'q35' || device === 'cdrom' ? (family === 'q35' ? 'sata' : 'scsi') : 'virtio';
  const name = freeName(
    devices.filter(({ key }) => key === 'disk'),
    other === 'virtio' ? 'vd' : 'sd',
  );
  const address = childElement(element, 'address');
  const edits = [
    ...(dev?.value.startsWith('hd') === true ? [setAttribute(target, 'dev', name)] : []),
    setAttribute(target, 'bus', other),
    ...(address === undefined ? [] : [removeElement(view.text, address)]),
  ];
  return {
    at: valueRange(place),
    message,
    fixes: [remedy(t('Put the disk on {0}', other), edits, family === 'q35')],
  };
}

const BUSES: Readonly<
  Record<string, { readonly allows: (bus: string) => boolean; readonly message: () => string }>
> = {
  cdrom: {
    allows: (bus) => bus !== 'virtio' && bus !== 'fdc',
    message: () => t('A CD-ROM cannot be a virtio disk: use sata, scsi, ide or usb.'),
  },
  floppy: { allows: (bus) => bus === 'fdc', message: () => t('A floppy drive is on the bus fdc only.') },
  disk: { allows: (bus) => bus !== 'fdc', message: () => t('Only a floppy drive is on the bus fdc.') },
  lun: { allows: (bus) => bus !== 'fdc', message: () => t('Only a floppy drive is on the bus fdc.') },
};

function wrongBus({ device, bus, place }: Disk): Doubt | undefined {
  const rule = BUSES[device];
  if (rule === undefined || place === undefined || bus === '' || rule.allows(bus)) return undefined;
  return { at: valueRange(place), message: rule.message() };
}

function lun({ device, element }: Disk): Doubt | undefined {
  const type = attributeBelow(element, 'type');
  const at = attributeBelow(element, 'device');
  const isBlock = type?.value === 'block' || type?.value === 'network' || type?.value === 'volume';
  if (device !== 'lun' || at === undefined || isBlock) return undefined;
  return {
    at: valueRange(at),
    message: t('A LUN passes SCSI commands on to a block device: its source cannot be a file.'),
    fixes: childElement(element, 'source') === undefined ? [] : [setting(element, 'device', 'disk')],
  };
}

function readOnly({ device, bus, element, view }: Disk): Doubt | undefined {
  const mark = childElement(element, 'readonly');
  if (mark === undefined || device !== 'disk' || (bus !== 'ide' && bus !== 'sata')) return undefined;
  return {
    at: nameRange(mark),
    message: t(
      'A disk on {0} cannot be read-only; libvirt refuses that. A CD-ROM and a virtio disk can.',
      bus,
    ),
    fixes: [removal(view.text, mark)],
  };
}

function nativeIo({ element }: Disk): Doubt | undefined {
  const io = attributeBelow(element, 'driver@io');
  const cache = valueBelow(element, 'driver@cache') ?? 'default';
  const driver = childElement(element, 'driver');
  if (io?.value !== 'native' || driver === undefined || cache === 'none' || cache === 'directsync')
    return undefined;
  return {
    at: valueRange(io),
    message: t("Native I/O works past the host’s cache: it needs cache='none' or 'directsync'."),
    fixes: [setting(driver, 'cache', 'none', true)],
  };
}

/** Formats of files that QEMU reads as they are. */
const PLAIN: ReadonlySet<string> = new Set(['iso', 'dir', 'cow']);

function format({ element }: Disk): Doubt | undefined {
  const type = attributeBelow(element, 'driver@type');
  const driver = childElement(element, 'driver');
  if (type === undefined || driver === undefined || !PLAIN.has(type.value)) return undefined;
  const isIso = type.value === 'iso';
  return {
    at: valueRange(type),
    message: isIso
      ? t('An ISO image has the format “raw” for QEMU; libvirt refuses “iso”.')
      : t('QEMU cannot read the format “{0}”; libvirt refuses it.', type.value),
    fixes: isIso ? [setting(driver, 'type', 'raw', true)] : [],
  };
}

function partition({ dev }: Disk): Doubt | undefined {
  if (dev === undefined || !/^(?:xvd|[hsv]d)[a-z]+\d/.test(dev.value)) return undefined;
  return {
    at: valueRange(dev),
    message: t('“{0}” is a partition; a disk is called “{1}”.', dev.value, dev.value.replace(/\d.*$/, '')),
  };
}

function ioThread({ element, bus, place }: Disk): Doubt | undefined {
  const thread = attributeBelow(element, 'driver@iothread');
  if (thread === undefined || place === undefined || bus === 'virtio' || bus === '') return undefined;
  return {
    at: valueRange(thread),
    message: t(
      'I/O threads serve virtio disks; a disk on {0} has none. A SCSI controller can have one.',
      bus,
    ),
  };
}
