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
import { valueBelow } from '../xml/find.ts';
import { addressClaims } from './check-addresses.ts';
import { checkControllers } from './check-controllers.ts';
import { checkCpu } from './check-cpu.ts';
import { checkDisks } from './check-disks.ts';
import { checkDisplays } from './check-displays.ts';
import { checkInterfaces } from './check-interfaces.ts';
import { checkMachine } from './check-machine.ts';
import { checkPci } from './check-pci.ts';
import { checkPromises } from './check-promises.ts';
import { checkSharedMemory } from './check-shared-memory.ts';
import { checkSingles } from './check-singles.ts';
import { checkVirtiofs } from './check-virtiofs.ts';
import { viewOf, type DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { contentRange, kibOf, valueRange } from './measure.ts';

/** Documents that hold a copy of their domain. */
const KEEPERS: ReadonlySet<string> = new Set(['domainsnapshot', 'domaincheckpoint']);

/** What libvirt refuses, or what was hardly meant, in a domain that is valid by its schema. */
export function checkDomain({ root, text }: XmlDocument): Finding[] {
  if (root === undefined) return [];
  if (!KEEPERS.has(root.key)) return root.key === 'domain' ? checkView(viewOf(text, root)) : [];
  return childElements(root)
    .filter(({ key }) => key === 'domain' || key === 'inactiveDomain')
    .flatMap((each) => checkView(viewOf(text, each)));
}

/** What only QEMU's driver refuses. */
const OF_QEMU = [
  checkSharedMemory,
  checkMachine,
  checkDisks,
  checkPci,
  checkDisplays,
  checkCpu,
  checkSingles,
  checkVirtiofs,
] as const;

/** What can be said of one device without its domain. */
export function checkDevice(view: DomainView): Finding[] {
  return [...checkDisks(view), ...checkInterfaces(view), ...checkVirtiofs(view)];
}

function checkView(view: DomainView): Finding[] {
  const { root, devices: all, isQemu } = view;
  return [
    ...memory(root),
    ...vcpus(root),
    // VMware numbers the disks of each bus by itself.
    ...twice(valueBelow(root, 'type') === 'vmware' ? [] : all, 'duplicate-target', targets, (value) =>
      t('Two disks are called “{0}”; libvirt refuses that.', value),
    ),
    ...twice(all, 'duplicate-mac', macs, (value) =>
      t('Two interfaces of one network have the MAC address {0}; only one can be reached.', value),
    ),
    ...twice(all, 'duplicate-boot-order', bootOrders, (value) =>
      t('Two devices have the boot order {0}; libvirt refuses that.', value),
    ),
    ...twice(withoutNamesakes(all), 'duplicate-address', addressClaims, (value) =>
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
    ...checkInterfaces(view),
    ...(isQemu ? OF_QEMU.flatMap((check) => check(view)) : []),
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

/** The devices without disks that have the name, and with it the place, of an earlier one: that is told already. */
function withoutNamesakes(devices: readonly XmlElement[]): XmlElement[] {
  const names = new Set<string>();
  return devices.filter((device) => {
    const name = targets(device)[0]?.value;
    if (name === undefined || childElement(device, 'address') !== undefined) return true;
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
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
  const network = networkOf(device);
  if (address === undefined || network === undefined) return [];
  return claim(address, `${network} ${address.value.toLowerCase()}`).map((one) => ({
    ...one,
    shown: address.value,
  }));
}

/** What an interface shares with others; undefined when it is alone on its network. */
function networkOf(device: XmlElement): string | undefined {
  const source = childElement(device, 'source');
  const named = ['network', 'bridge', 'dev'].flatMap(
    (name) => source?.attributes.filter(({ key }) => key === name) ?? [],
  );
  return named[0] && `${named[0].key} ${named[0].value}`;
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

function sizeOf(element: XmlElement): string {
  return `${textOf(element).trim()} ${attributeOf(element, 'unit')?.value ?? 'KiB'}`;
}
