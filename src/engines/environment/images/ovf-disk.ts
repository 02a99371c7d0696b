import { t } from '@vscode/l10n';
import { text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import { bytesOfUnit } from './ovf-units.ts';

export interface ApplianceDisk {
  /** The name of its file, as the description has it; undefined for a disk that begins empty. */
  readonly file: string | undefined;
  /** The size that the guest sees; undefined where the description does not say it, or in an unknown unit. */
  readonly bytes: number | undefined;
  /** What the description says of its format: an address, mostly. */
  readonly format: string | undefined;
  readonly bus: 'virtio' | 'sata' | 'scsi';
}

/** What elements refer to, by its id: looking for each one among all would take forever with thousands of them. */
export interface References {
  readonly disks: ReadonlyMap<string, XmlObject>;
  readonly files: ReadonlyMap<string, XmlObject>;
  readonly items: ReadonlyMap<string, XmlObject>;
}

/** `CIM_ResourceAllocationSettingData.ResourceType` */
const IDE_CONTROLLER = '5';
const SCSI_CONTROLLER = '6';
const OTHER_STORAGE = '20';

/** The first element of each id. */
export function byId(elements: readonly XmlObject[], id: string): ReadonlyMap<string, XmlObject> {
  const found = new Map<string, XmlObject>();
  for (const element of elements) {
    const key = text(element, id);
    if (key !== undefined && !found.has(key)) found.set(key, element);
  }
  return found;
}

/** @throws SyntaxError with a sentence for people */
export function diskOf(item: XmlObject, references: References): ApplianceDisk {
  const { disks, files, items } = references;
  const bus = busOf(item, items);
  const { kind, id } = resourceOf(text(item, 'HostResource') ?? '', references);
  const disk = kind === 'disk' ? disks.get(id ?? '') : undefined;
  if (disk !== undefined && text(disk, '@parentRef') !== undefined)
    throw new SyntaxError(
      t(
        'Disk {0} of the appliance holds only what differs from another disk, which is not supported',
        id ?? '',
      ),
    );
  const reference = kind === 'file' ? id : disk === undefined ? undefined : text(disk, '@fileRef');
  const bytes = disk === undefined ? undefined : capacityOf(disk);
  const format = disk === undefined ? undefined : text(disk, '@format');
  if (disk !== undefined && reference === undefined) return { file: undefined, bytes, format, bus };
  const file = files.get(reference ?? '');
  const href = file === undefined ? undefined : text(file, '@href');
  if (file === undefined || href === undefined)
    throw new SyntaxError(
      id === undefined
        ? t('The appliance names no file for one of its disks')
        : t('The appliance names no file for its disk {0}', id),
    );
  if (text(file, '@chunkSize') !== undefined)
    throw new SyntaxError(
      t(
        'Disk {0} is split into several files: join them to one file of that name with “cat”, and remove “ovf:chunkSize” from the .ovf',
        href,
      ),
    );
  return { file: href, bytes, format, bus };
}

/**
 * What a HostResource leads to: `ovf:/disk/ID`, `/disk/ID`, in old files `ovf://disk/ID`, `ovf:/file/ID` for a file
 * without a disk element; oVirt has the ids alone, as `GROUP/ID`.
 */
function resourceOf(
  resource: string,
  { disks, files }: References,
): { readonly kind: 'disk' | 'file'; readonly id: string | undefined } {
  const [, kind, id] = /^(?:ovf:)?\/{1,2}(disk|file)\/(.+)$/u.exec(resource) ?? [];
  if (kind === 'disk' || kind === 'file') return { kind, id };
  const ids = [resource, ...resource.split('/')];
  const ofDisk = ids.find((each) => disks.has(each));
  if (ofDisk !== undefined) return { kind: 'disk', id: ofDisk };
  return { kind: 'file', id: ids.find((each) => files.has(each)) };
}

/** The capacity may also be a property that somebody fills in. */
function capacityOf(disk: XmlObject): number | undefined {
  const unit = bytesOfUnit(text(disk, '@capacityAllocationUnits') ?? 'byte');
  const bytes = Math.ceil(Number(text(disk, '@capacity')) * (unit ?? Number.NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
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
