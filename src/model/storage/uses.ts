import type { Connection } from '../../client/libvirt/connect.ts';
import { type DomainRef, DomainXml } from '../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../client/libvirt/error.ts';
import { type DiskLayer, type DiskSource, readDisks } from './disk.ts';

/** A domain that has a volume, or a file below one of its disks. */
export interface Use {
  readonly uuid: string;
  readonly domain: string;
  /** The disk's target, such as `vda`. */
  readonly disk: string;
  /** It runs with it right now. */
  readonly active: boolean;
  /** 0 for what the guest writes to; what lies below it counts up. */
  readonly depth: number;
  readonly readOnly: boolean;
}

/** Who uses what, by {@link pathKey} and {@link volumeKey}. */
export type Uses = ReadonlyMap<string, readonly Use[]>;

/** How many domains are asked at the same time. */
const AT_ONCE = 50;

/** Reads the disks of all domains of a host, as they run and as they will run next. @throws RemoteError */
export async function readUses(connection: Connection, signal?: AbortSignal): Promise<Uses> {
  const uses = new Map<string, Use[]>();
  const domains = await connection.domains.list();
  for (let start = 0; start < domains.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    await Promise.all(domains.slice(start, start + AT_ONCE).map((ref) => addUses(connection, ref, uses)));
  }
  return uses;
}

/** How a file or device of a host is looked up. */
function pathKey(path: string): string {
  return JSON.stringify([path]);
}

/** How a volume is looked up that a domain names by its pool. */
function volumeKey(pool: string, volume: string): string {
  return JSON.stringify([pool, volume]);
}

/** Who uses this volume, however they name it. */
export function usesOf(
  uses: Uses,
  { pool, name, path }: { readonly pool: string; readonly name: string; readonly path: string },
): readonly Use[] {
  return [...(uses.get(pathKey(path)) ?? []), ...(uses.get(volumeKey(pool, name)) ?? [])];
}

async function addUses({ domains }: Connection, ref: DomainRef, uses: Map<string, Use[]>): Promise<void> {
  try {
    const active = ref.id !== -1;
    const texts = active
      ? await Promise.all([domains.xml(ref), domains.xml(ref, DomainXml.INACTIVE)])
      : [await domains.xml(ref, DomainXml.INACTIVE)];
    const seen = new Set<string>();
    for (const [index, xml] of texts.entries())
      addDisks(xml, { uuid: ref.uuid, domain: ref.name, active: active && index === 0 }, seen, uses);
  } catch (error) {
    // It has gone since the list was made, and with it its disks.
    if (!isLibvirtError(error, ErrorCode.NO_DOMAIN)) throw error;
  }
}

function addDisks(
  xml: string,
  domain: Pick<Use, 'uuid' | 'domain' | 'active'>,
  seen: Set<string>,
  uses: Map<string, Use[]>,
): void {
  for (const { target, chain, readOnly } of readDisks(xml))
    for (const [depth, layer] of chain.entries()) {
      const key = keyOf(layer);
      // A domain that runs has most of its disks twice: in what it runs with, and in its definition.
      const once = `${target} ${key ?? ''}`;
      if (key === undefined || seen.has(once)) continue;
      seen.add(once);
      const list = uses.get(key) ?? [];
      if (list.length === 0) uses.set(key, list);
      list.push({ ...domain, disk: target, depth, readOnly: readOnly || depth > 0 });
    }
}

function keyOf({ source }: DiskLayer): string | undefined {
  return source && sourceKey(source);
}

/** How {@link Uses} name it; undefined for what is no volume of anybody. */
function sourceKey(source: DiskSource): string | undefined {
  if (source.type === 'volume') return volumeKey(source.pool, source.volume);
  if (source.type === 'network') return source.name === undefined ? undefined : pathKey(source.name);
  return source.type === 'other' ? undefined : pathKey(source.path);
}
