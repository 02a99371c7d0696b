import type { StoragePoolInfo } from '../../../client/libvirt/storage/pool.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import { bytes } from './bytes.ts';

export interface PoolDetails {
  /** libvirt's word for what it is made of, such as `dir`. */
  readonly type: string;
  /** Where its volumes are seen on the host; undefined for pools without such a place. */
  readonly path: string | undefined;
  /** What it is made from, such as `server:/export` or `/dev/sdb`; undefined where that is the path alone. */
  readonly source: string | undefined;
  readonly state: StoragePoolInfo['state'];
  /** In bytes; undefined while it is off. */
  readonly space: PoolSpace | undefined;
}

/** In bytes. */
export interface PoolSpace {
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

/** What the XML of a storage pool says of it in a few words. @throws Error when it is no XML. */
export function readPoolDetails(xml: string): Omit<PoolDetails, 'state'> {
  const pool = child(parseXml(xml), 'pool');
  return {
    type: text(pool, '@type') ?? '',
    path: text(child(pool, 'target'), 'path')?.trim(),
    source: sourceOf(child(pool, 'source')),
    space: spaceOf(pool),
  };
}

/** libvirt writes all three of them, or none. */
function spaceOf(pool: XmlObject): PoolSpace | undefined {
  const [capacity, allocation, available] = [
    bytes(pool, 'capacity'),
    bytes(pool, 'allocation'),
    bytes(pool, 'available'),
  ];
  if (capacity === undefined || allocation === undefined || available === undefined) return undefined;
  return { capacity, allocation, available };
}

/** The host comes first, as in `server:/export`; of several devices each is named. */
function sourceOf(source: XmlObject): string | undefined {
  const hosts = children(source, 'host').flatMap((host) => text(host, '@name') ?? []);
  const devices = children(source, 'device').flatMap((device) => text(device, '@path') ?? []);
  const [adapter] = children(source, 'adapter').flatMap(
    (found) => text(found, '@name') ?? text(found, '@wwpn') ?? [],
  );
  const directory = text(child(source, 'dir'), '@path');
  const what = [...devices, directory, text(source, 'name'), adapter].filter((part) => part !== undefined);
  if (what.length === 0 && hosts.length === 0) return undefined;
  return [hosts.join(','), what.join(' ')].filter((part) => part !== '').join(':');
}
