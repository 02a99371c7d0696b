import { t } from '@vscode/l10n';
import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type TextRange,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from '../xml/tree.ts';
import { checkControllers } from './check-controllers.ts';
import { checkPromises } from './check-promises.ts';
import type { Finding } from './finding.ts';
import { kibOf, valueRange } from './measure.ts';

/** Documents that hold a copy of their domain. */
const KEEPERS: ReadonlySet<string> = new Set(['domainsnapshot', 'domaincheckpoint']);

/** What libvirt refuses, or what was hardly meant, in a domain that is valid by its schema. */
export function checkDomain({ root }: XmlDocument): Finding[] {
  if (root === undefined) return [];
  if (!KEEPERS.has(root.key)) return root.key === 'domain' ? checkElement(root) : [];
  return childElements(root)
    .filter(({ key }) => key === 'domain' || key === 'inactiveDomain')
    .flatMap(checkElement);
}

function checkElement(root: XmlElement): Finding[] {
  const devices = childElement(root, 'devices');
  const all = devices === undefined ? [] : childElements(devices);
  return [
    ...memory(root),
    ...vcpus(root),
    ...twice(all, 'duplicate-target', targets, (value) =>
      t('Two disks are called “{0}”; libvirt refuses that.', value),
    ),
    ...twice(all, 'duplicate-mac', macs, (value) =>
      t('Two interfaces have the MAC address {0}; only one of them can be reached.', value),
    ),
    ...twice(all, 'duplicate-boot-order', bootOrders, (value) =>
      t('Two devices have the boot order {0}; libvirt refuses that.', value),
    ),
    ...twice(all, 'duplicate-address', addresses, (value) =>
      t('Two devices have the same address ({0}); libvirt refuses that.', value),
    ),
    ...twice(all, 'duplicate-alias', aliases, (value) =>
      t('Two devices have the alias “{0}”; libvirt refuses that.', value),
    ),
    ...twice(all, 'duplicate-controller', controllers, (value) =>
      t('Two controllers of a type have the index {0}; libvirt refuses that.', value),
    ),
    ...checkControllers(root, all),
    ...checkPromises(root, all),
    ...bootTwice(root, all),
  ].toSorted((a, b) => a.start - b.start);
}

/** A value that may be there only once. */
interface Claim extends TextRange {
  readonly value: string;
  /** How the message calls it. */
  readonly shown: string;
}

function claim(attribute: XmlAttribute | undefined, value = attribute?.value): Claim[] {
  if (attribute === undefined || value === undefined || value === '') return [];
  return [{ ...valueRange(attribute), value, shown: value }];
}

function twice(
  devices: readonly XmlElement[],
  code: string,
  claims: (device: XmlElement) => readonly Claim[],
  message: (value: string) => string,
): Finding[] {
  const first = new Map<string, Claim>();
  const findings: Finding[] = [];
  for (const one of devices.flatMap(claims)) {
    const other = first.get(one.value);
    if (other === undefined) first.set(one.value, one);
    else findings.push({ start: one.start, end: one.end, code, message: message(one.shown), related: other });
  }
  return findings;
}

function targets(device: XmlElement): Claim[] {
  const target = device.key === 'disk' ? childElement(device, 'target') : undefined;
  return claim(target && attributeOf(target, 'dev'));
}

/** The aliases that people give: a console repeats the one of its serial port that libvirt gave. */
function aliases(device: XmlElement): Claim[] {
  const alias = childElement(device, 'alias');
  const name = alias && attributeOf(alias, 'name');
  return name?.value.startsWith('ua-') === true && device.key !== 'console' ? claim(name) : [];
}

function macs(device: XmlElement): Claim[] {
  // Cards that stand in for each other share theirs.
  if (childElement(device, 'teaming') !== undefined) return [];
  const mac = device.key === 'interface' ? childElement(device, 'mac') : undefined;
  const address = mac && attributeOf(mac, 'address');
  return claim(address, address?.value.toLowerCase());
}

function bootOrders(device: XmlElement): Claim[] {
  const boot = childElement(device, 'boot');
  return claim(boot && attributeOf(boot, 'order'));
}

function controllers(device: XmlElement): Claim[] {
  if (device.key !== 'controller') return [];
  const type = attributeOf(device, 'type')?.value;
  const index = attributeOf(device, 'index');
  // The companions of a USB 2 controller share its index.
  if (index === undefined || childElement(device, 'master') !== undefined) return [];
  const isCompanion = type === 'usb' && (attributeOf(device, 'model')?.value ?? '').startsWith('ich9');
  return isCompanion
    ? []
    : claim(index, `${type ?? ''} ${index.value}`).map((one) => ({ ...one, shown: one.value }));
}

/** The parts that tell addresses of a type apart, each with what it is when it is not written. */
const ADDRESS_PARTS: Readonly<Record<string, readonly string[]>> = {
  pci: ['domain', 'bus', 'slot', 'function'],
  drive: ['controller', 'bus', 'target', 'unit'],
  ccid: ['controller', 'slot'],
  'virtio-serial': ['controller', 'bus', 'port'],
  usb: ['bus', 'port'],
};

function addresses(device: XmlElement): Claim[] {
  const address = childElement(device, 'address');
  const type = address && attributeOf(address, 'type')?.value;
  const parts = type === undefined ? undefined : ADDRESS_PARTS[type];
  if (address === undefined || type === undefined || parts === undefined || isOfSerial(device)) return [];
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
  const target = childElement(device, 'target');
  const bus = type === 'drive' ? ((target && attributeOf(target, 'bus')?.value) ?? device.key) : '';
  const written = parts.map((part) => `${part} ${attributeOf(address, part)?.value ?? '0'}`).join(', ');
  return [
    {
      start: address.start,
      end: address.end,
      value: `${type} ${bus} ${values.join(':')}`,
      shown: `${type}: ${written}`,
    },
  ];
}

/** The first console is the first serial port under another name, with all that it has. */
function isOfSerial(device: XmlElement): boolean {
  const target = device.key === 'console' ? childElement(device, 'target') : undefined;
  return target !== undefined && (attributeOf(target, 'type')?.value ?? 'serial') === 'serial';
}

function memory(root: XmlElement): Finding[] {
  const most = childElement(root, 'memory');
  const current = childElement(root, 'currentMemory');
  const mostKib = most && kibOf(most);
  const currentKib = current && kibOf(current);
  if (most === undefined || current === undefined || mostKib === undefined || currentKib === undefined)
    return [];
  if (currentKib <= mostKib) return [];
  return [
    {
      ...contentRange(current),
      code: 'current-memory',
      message: t('currentMemory is more than memory ({0}); libvirt lowers it to that.', sizeOf(most)),
      related: contentRange(most),
    },
  ];
}

function vcpus(root: XmlElement): Finding[] {
  const vcpu = childElement(root, 'vcpu');
  const current = vcpu && attributeOf(vcpu, 'current');
  if (vcpu === undefined || current === undefined || Number(current.value) <= Number(textOf(vcpu))) return [];
  return [
    {
      ...valueRange(current),
      code: 'current-vcpus',
      message: t(
        'The domain cannot start with {0} vCPUs: its maximum is {1}.',
        current.value,
        textOf(vcpu).trim(),
      ),
    },
  ];
}

/** libvirt takes either the order of kinds of devices in `<os>` or that of the devices themselves. */
function bootTwice(root: XmlElement, devices: readonly XmlElement[]): Finding[] {
  const os = childElement(root, 'os');
  const general = os && childElement(os, 'boot');
  const own = devices.map((device) => childElement(device, 'boot')).find((boot) => boot !== undefined);
  if (general === undefined || own === undefined) return [];
  return [
    {
      start: own.start,
      end: own.end,
      code: 'two-boot-orders',
      message: t(
        '<boot> in a device and <boot> in <os> exclude each other; libvirt refuses a domain with both.',
      ),
      related: general,
    },
  ];
}

function contentRange({ startTagEnd, endTag, start, end }: XmlElement): TextRange {
  return endTag === undefined ? { start, end } : { start: startTagEnd, end: endTag.start };
}

function sizeOf(element: XmlElement): string {
  return `${textOf(element).trim()} ${attributeOf(element, 'unit')?.value ?? 'KiB'}`;
}
