import type { Connection } from '../../../client/libvirt/connect.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { askDomain, recordOf } from './on-domain.ts';

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

/** What would be left when only the definition went. @throws GoneError; RemoteError when libvirt refuses to say */
export function findLeftovers(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<Leftovers> {
  return askDomain(target, async ({ connection, ref }) => {
    const [xml, managedSave, snapshots] = await Promise.all([
      connection.domains.xml(ref, DomainXml.INACTIVE, options),
      orNone(connection.domains.hasManagedSave(ref, options), false),
      orNone(connection.snapshots.list(ref, undefined, options), []),
    ]);
    const domain = child(parseXml(xml), 'domain');
    // A disk in use is not offered for deletion.
    const paths = isActive(recordOf(target).state) ? [] : writableDiskPaths(domain);
    const disks = await Promise.all(paths.map((path) => asDeletable(connection, path)));
    return {
      target,
      managedSave,
      nvram: text(child(domain, 'os'), 'nvram') !== undefined,
      snapshots: snapshots.length,
      disks: disks.filter((disk) => disk !== undefined),
    };
  });
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
