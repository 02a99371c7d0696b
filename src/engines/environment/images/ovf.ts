import { t } from '@vscode/l10n';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import { type ApplianceConfiguration, configurationsOf, itemsFor } from './ovf-configurations.ts';
import { type ApplianceDisk, byId, diskOf, type References } from './ovf-disk.ts';
import { bytesOfUnit } from './ovf-units.ts';

/** The part of an appliance's description that a guest needs. */
export interface Appliance {
  readonly name: string | undefined;
  readonly cpus: number;
  /** Undefined where the description has no amount in a known unit: people are asked. */
  readonly memoryKiB: number | undefined;
  /** The memory as the description has it, such as `4096 lots`. Empty where it says nothing. */
  readonly memoryText: string;
  readonly firmware: 'bios' | 'uefi';
  /** In the order in which the machine has them. */
  readonly disks: readonly ApplianceDisk[];
  /** The models of its network cards, by libvirt's names. */
  readonly cards: readonly string[];
  /** The sizes in which it can be had, the default first; none for most. */
  readonly configurations: readonly ApplianceConfiguration[];
  /** The id of the one that this is. */
  readonly configuration: string | undefined;
}

/** `CIM_ResourceAllocationSettingData.ResourceType` */
const CPU = '3';
const MEMORY = '4';
const ETHERNET = '10';
const DISK = '17';

/** No machine has less, and no host has more. */
const LEAST_KIB = 1024;
const MOST_KIB = 2 ** 40;
const NO_WORD_KIB = 1024 * 1024;

/**
 * Reads an OVF envelope of one machine (versions 1 and 2), in one of its configurations, the default one unless told.
 * Names in it are of files beside it, or in the same archive.
 * @throws SyntaxError with a sentence for people
 */
export function readOvf(xml: string, wanted?: string): Appliance {
  // not for people: names of OVF's elements
  const envelope = child(parseXml(xml), 'Envelope');
  const systems = [
    ...children(envelope, 'VirtualSystem'),
    ...children(child(envelope, 'VirtualSystemCollection'), 'VirtualSystem'),
  ];
  const [system, second] = systems;
  if (system === undefined) throw new SyntaxError(t('The appliance describes no machine'));
  if (second !== undefined)
    throw new SyntaxError(
      t('The appliance describes {0} machines, and only one can be imported at a time', systems.length),
    );
  const hardware = child(system, 'VirtualHardwareSection');
  const configurations = configurationsOf(envelope);
  const { id: configuration } = configurations.find(({ id }) => id === wanted) ?? configurations[0] ?? {};
  // not for people: names of OVF's elements
  const all = ['Item', 'StorageItem', 'EthernetPortItem'].flatMap((name) => children(hardware, name));
  const items = itemsFor(all, configuration);
  const ofType = (type: string) => items.filter((item) => text(item, 'ResourceType') === type);
  // not for people: names of OVF's elements
  const references: References = {
    disks: byId(children(child(envelope, 'DiskSection'), 'Disk'), '@diskId'),
    files: byId(children(child(envelope, 'References'), 'File'), '@id'),
    items: byId(items, 'InstanceID'),
  };
  return {
    // not for people: names of OVF's elements
    name: text(system, 'Name') ?? text(system, '@id'),
    cpus: Math.min(Math.max(Math.ceil(quantity(ofType(CPU)[0]) ?? 1), 1), 1024),
    ...memoryOf(ofType(MEMORY)[0]),
    firmware: isUefi(system, hardware) ? 'uefi' : 'bios',
    disks: ofType(DISK).map((item) => diskOf(item, references)),
    cards: ofType(ETHERNET).map((item) => cardOf(text(item, 'ResourceSubType') ?? '')),
    configurations,
    configuration,
  };
}

const CARDS: readonly (readonly [RegExp, string])[] = [
  [/virtio/iu, 'virtio'],
  [/vmxnet3?/iu, 'vmxnet3'],
  [/e1000e/iu, 'e1000e'],
  [/e1000/iu, 'e1000'],
  [/pcnet/iu, 'pcnet'],
];

function cardOf(model: string): string {
  return CARDS.find(([pattern]) => pattern.test(model))?.[1] ?? 'e1000';
}

function memoryOf(item: XmlObject | undefined): Pick<Appliance, 'memoryKiB' | 'memoryText'> {
  if (item === undefined) return { memoryKiB: NO_WORD_KIB, memoryText: '' };
  const units = text(item, 'AllocationUnits') ?? '';
  const amount = quantity(item);
  const kib = Math.ceil(((amount ?? Number.NaN) * (bytesOfUnit(units) ?? Number.NaN)) / 1024);
  return {
    memoryKiB: kib >= LEAST_KIB && kib <= MOST_KIB ? kib : undefined,
    memoryText: `${text(item, 'VirtualQuantity') ?? ''} ${units}`.trim(),
  };
}

function quantity(item: XmlObject | undefined): number | undefined {
  const value = Number(item === undefined ? undefined : text(item, 'VirtualQuantity'));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** VMware, VirtualBox and XenServer each say it in a place of their own. */
function isUefi(system: XmlObject, hardware: XmlObject): boolean {
  // not for people: names of OVF's elements
  const vmware = ['Config', 'ExtraConfig']
    .flatMap((name) => children(hardware, name))
    .some((each) => text(each, '@key') === 'firmware' && text(each, '@value')?.toLowerCase() === 'efi');
  // not for people: the same
  const machine = child(child(system, 'Machine'), 'Hardware');
  // not for people: the same
  const virtualBox = text(child(machine, 'Firmware'), '@type') ?? '';
  // not for people: the same
  const xen = children(hardware, 'VirtualSystemOtherConfigurationData')
    .filter((each) => text(each, '@Name') === 'HVM_boot_params')
    .some((each) => /firmware=uefi/iu.test(text(each, 'Value') ?? ''));
  return vmware || /^EFI/iu.test(virtualBox) || xen;
}
