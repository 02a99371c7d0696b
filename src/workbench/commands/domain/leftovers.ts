import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** A disk of a domain that libvirt could delete, since it is a volume of a pool. */
export interface DeletableDisk {
  readonly path: string;
  readonly volume: VolumeRef;
}

/** What a domain has besides its definition. */
export interface Leftovers {
  readonly target: DomainTarget;
  readonly managedSave: boolean;
  readonly nvram: boolean;
  readonly snapshots: number;
  readonly disks: readonly DeletableDisk[];
}

export async function findLeftovers(target: DomainTarget): Promise<Leftovers> {
  const { record } = target;
  if (record === undefined) throw new Error('it is no longer there');
  const connection = await target.host.connect();
  const ref = refOf(record);
  const [xml, managedSave, snapshots] = await Promise.all([
    connection.domains.xml(ref, DomainXml.INACTIVE),
    orNone(connection.domains.hasManagedSave(ref), false),
    orNone(connection.snapshots.list(ref), []),
  ]);
  const domain = child(parseXml(xml), 'domain');
  // A disk in use is not offered for deletion.
  const paths = isActive(record.state) ? [] : writableDiskPaths(domain);
  const disks = await Promise.all(paths.map((path) => asDeletable(connection, path)));
  return {
    target,
    managedSave,
    nvram: text(child(domain, 'os'), 'nvram') !== undefined,
    snapshots: snapshots.length,
    disks: disks.filter((disk) => disk !== undefined),
  };
}

/** Installation media and shared disks belong to more than this domain. */
function writableDiskPaths(domain: XmlObject): readonly string[] {
  return children(child(domain, 'devices'), 'disk')
    .filter((disk) => text(disk, '@device') === 'disk' || text(disk, '@device') === undefined)
    .filter((disk) => disk['readonly'] === undefined && disk['shareable'] === undefined)
    .map((disk) => child(disk, 'source'))
    .map((source) => text(source, '@file') ?? text(source, '@dev'))
    .filter((path) => path !== undefined);
}

/** Undefined for a file outside every active pool: libvirt could not delete it. */
async function asDeletable(connection: Connection, path: string): Promise<DeletableDisk | undefined> {
  const volume = await orNone(connection.storageVolumes.lookupByPath(path), undefined);
  return volume === undefined ? undefined : { path, volume };
}

/** A driver without such a thing has none of it. */
async function orNone<T, N>(call: Promise<T>, none: N): Promise<T | N> {
  try {
    return await call;
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT, ErrorCode.NO_STORAGE_VOL)) return none;
    throw error;
  }
}
