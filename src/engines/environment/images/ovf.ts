import { t } from '@vscode/l10n';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** The part of an appliance's description that a guest needs. */
export interface Appliance {
  readonly name: string | undefined;
  readonly cpus: number;
  readonly memoryKiB: number;
  readonly firmware: 'bios' | 'uefi';
  /** In the order in which the machine has them. */
  readonly disks: readonly ApplianceDisk[];
  /** The models of its network cards, by libvirt's names. */
  readonly cards: readonly string[];
}

export interface ApplianceDisk {
  /** The name of its file, as the description has it. */
  readonly file: string;
  readonly bus: 'virtio' | 'sata' | 'scsi';
}

/** `CIM_ResourceAllocationSettingData.ResourceType` */
const CPU = '3';
const MEMORY = '4';
const IDE_CONTROLLER = '5';
const SCSI_CONTROLLER = '6';
const ETHERNET = '10';
const DISK = '17';
const OTHER_STORAGE = '20';

/**
 * Reads an OVF envelope of one machine (versions 1 and 2). Names in it are of files beside it, or in the same archive.
 * @throws SyntaxError with a sentence for people
 */
export function readOvf(xml: string): Appliance {
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
  // not for people: names of OVF's elements
  const items = ['Item', 'StorageItem', 'EthernetPortItem'].flatMap((name) => children(hardware, name));
  const ofType = (type: string) => items.filter((item) => text(item, 'ResourceType') === type);
  const [memory] = ofType(MEMORY);
  // not for people: names of OVF's elements
  const references: References = {
    disks: byId(children(child(envelope, 'DiskSection'), 'Disk'), '@diskId'),
    files: byId(children(child(envelope, 'References'), 'File'), '@id'),
    items: byId(items, 'InstanceID'),
  };
  return {
    // not for people: names of OVF's elements
    name: text(system, 'Name') ?? text(system, '@id'),
    cpus: clamp(quantity(ofType(CPU)[0]) ?? 1, 1, 1024),
    memoryKiB: memory === undefined ? 1024 * 1024 : memoryOf(memory),
    firmware: configOf(hardware, 'firmware') === 'efi' ? 'uefi' : 'bios',
    disks: ofType(DISK).map((item) => diskOf(item, references)),
    cards: ofType(ETHERNET).map((item) => cardOf(text(item, 'ResourceSubType') ?? '')),
  };
}

/** What elements refer to, by its id: looking for each one among all would take forever with thousands of them. */
interface References {
  readonly disks: ReadonlyMap<string, XmlObject>;
  readonly files: ReadonlyMap<string, XmlObject>;
  readonly items: ReadonlyMap<string, XmlObject>;
}

/** The first element of each id. */
function byId(elements: readonly XmlObject[], id: string): ReadonlyMap<string, XmlObject> {
  const found = new Map<string, XmlObject>();
  for (const element of elements) {
    const key = text(element, id);
    if (key !== undefined && !found.has(key)) found.set(key, element);
  }
  return found;
}

function diskOf(item: XmlObject, { disks, files, items }: References): ApplianceDisk {
  const id = /^(?:ovf:)?\/disk\/(.+)$/u.exec(text(item, 'HostResource') ?? '')?.[1];
  const disk = disks.get(id ?? '');
  const reference = disk === undefined ? undefined : text(disk, '@fileRef');
  const file = files.get(reference ?? '');
  const href = file === undefined ? undefined : text(file, '@href');
  if (file === undefined || href === undefined || reference === undefined)
    throw new SyntaxError(
      id === undefined
        ? t('The appliance names no file for one of its disks')
        : t('The appliance names no file for its disk {0}', id),
    );
  if (text(file, '@chunkSize') !== undefined)
    throw new SyntaxError(t('Disk {0} is split into several files, which is not supported', href));
  if ((text(file, '@compression') ?? 'identity') !== 'identity')
    throw new SyntaxError(t('Disk {0} is a compressed file, which is not supported', href));
  return { file: href, bus: busOf(item, items) };
}

/** The bus of a disk. Today's machines have no IDE, so its disks move to SATA. */
function busOf(disk: XmlObject, items: References['items']): ApplianceDisk['bus'] {
  // not for people: names of OVF's elements
  const controller = items.get(text(disk, 'Parent') ?? '');
  const kind = controller === undefined ? undefined : text(controller, 'ResourceType');
  const model = (controller === undefined ? '' : (text(controller, 'ResourceSubType') ?? '')).toLowerCase();
  if (model.includes('virtio')) return 'virtio';
  switch (kind) {
    case SCSI_CONTROLLER:
      return 'scsi';
    case IDE_CONTROLLER:
    case OTHER_STORAGE:
      return 'sata';
    default:
      return 'virtio';
  }
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

function memoryOf(item: XmlObject): number {
  const units = (text(item, 'AllocationUnits') ?? 'byte * 2^20').toLowerCase();
  const [, power] = /byte ?\* ?2 ?\^ ?(\d+)/u.exec(units) ?? [];
  const factor =
    power === undefined ? (UNITS.find(([word]) => units.startsWith(word))?.[1] ?? 20) : Number(power);
  return clamp((quantity(item) ?? 1024) * 2 ** (factor - 10), 1024, 2 ** 40);
}

/** As older tools wrote them. */
const UNITS: readonly (readonly [string, number])[] = [
  ['kilo', 10],
  ['mega', 20],
  ['giga', 30],
  ['byte', 0],
];

function quantity(item: XmlObject | undefined): number | undefined {
  const value = Number(item === undefined ? undefined : text(item, 'VirtualQuantity'));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function configOf(hardware: XmlObject, key: string): string | undefined {
  // not for people: names of OVF's elements
  const found = children(hardware, 'Config').find((each) => text(each, '@key') === key);
  return found === undefined ? undefined : text(found, '@value');
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Math.ceil(value), low), high);
}
