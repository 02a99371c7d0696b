import { attributeOf, childElement, type TextRange, type XmlElement } from '../xml/tree.ts';
import { indexOfName, targetOf } from './disk-bus.ts';

/** An address that only one device can have. */
export interface AddressClaim extends TextRange {
  readonly value: string;
  /** How a message calls it. */
  readonly shown: string;
}

/** The parts that tell addresses of a type apart, each with what it is when it is not written. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  pci: ['domain', 'bus', 'slot', 'function'],
  drive: ['controller', 'bus', 'target', 'unit'],
  ccid: ['controller', 'slot'],
  'virtio-serial': ['controller', 'bus', 'port'],
  usb: ['bus', 'port'],
};

/** How many drives a controller of a bus has, and how many of them share one of its channels. */
const DRIVES: Readonly<Record<string, { readonly all: number; readonly channel: number }>> = {
  ide: { all: 4, channel: 2 },
  sata: { all: 6, channel: 6 },
  scsi: { all: 7, channel: 7 },
  fdc: { all: 2, channel: 2 },
};

/** The address that a device has: the one that is written, or the one that a disk's name implies. */
export function addressClaims(device: XmlElement): AddressClaim[] {
  const address = childElement(device, 'address');
  if (address === undefined) return device.key === 'disk' ? impliedDrive(device) : [];
  const type = attributeOf(address, 'type')?.value;
  const parts = type === undefined ? undefined : PARTS[type];
  if (type === undefined || parts === undefined || isOfSerial(device)) return [];
  // One that is only begun is completed by libvirt.
  if (attributeOf(address, type === 'pci' ? 'slot' : (parts.at(-1) ?? '')) === undefined) return [];
  const values = parts.map((part) => {
    const written = attributeOf(address, part)?.value ?? '0';
    const number = Number(written);
    return Number.isNaN(number) ? written : String(number);
  });
  // All zero is as if nothing were written.
  if (type === 'pci' && values.every((value) => value === '0')) return [];
  // Drives of different buses do not meet: a disk on SATA and one on SCSI may say the same.
  const bus = type === 'drive' ? (device.key === 'disk' ? targetOf(device).bus : device.key) : '';
  const written = parts.map((part) => `${part} ${attributeOf(address, part)?.value ?? '0'}`);
  return [claim(address, type, bus, values, written)];
}

/** libvirt gives a drive the place of its letter: `sdb` is the second one. */
function impliedDrive(disk: XmlElement): AddressClaim[] {
  const { dev, bus } = targetOf(disk);
  const size = DRIVES[bus];
  const index = dev && indexOfName(dev.value);
  const target = childElement(disk, 'target');
  if (size === undefined || index === undefined || target === undefined) return [];
  const within = index % size.all;
  const values = [
    Math.floor(index / size.all),
    Math.floor(within / size.channel),
    0,
    within % size.channel,
  ].map(String);
  const names = PARTS['drive'] ?? [];
  const written = names.map((part, at) => `${part} ${values[at] ?? ''}`);
  return [claim(target, 'drive', bus, values, written)];
}

function claim(
  { start, end }: TextRange,
  type: string,
  bus: string,
  values: readonly string[],
  written: readonly string[],
): AddressClaim {
  return { start, end, value: `${type} ${bus} ${values.join(':')}`, shown: `${type}: ${written.join(', ')}` };
}

/** The first console is the first serial port under another name, with all that it has. */
function isOfSerial(device: XmlElement): boolean {
  const target = device.key === 'console' ? childElement(device, 'target') : undefined;
  return target !== undefined && (attributeOf(target, 'type')?.value ?? 'serial') === 'serial';
}
