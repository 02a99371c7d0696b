import { posix } from 'node:path';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { ListPools } from '../../../client/libvirt/storage/pool.ts';
import type { StoragePoolRef, VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { OperationOptions } from '../operation.ts';
import { isFolderPool, withFolderPool } from '../pool/folder-pool.ts';

/** An image or another file of a host, as a pool knows it. */
export interface HostVolume {
  readonly path: string;
  /** The pool that has it; undefined for a file outside of all pools. */
  readonly pool: string | undefined;
  readonly name: string;
  /** What it starts from. */
  readonly backing: string | undefined;
}

/** How many questions are on their way at a time. */
const AT_ONCE = 32;

/** The volumes of all active pools of a host, and those of folders that were looked into besides. */
export class HostVolumes {
  readonly #connection: Connection;
  readonly #byPath = new Map<string, HostVolume>();
  readonly #byName = new Map<string, HostVolume>();
  readonly #overlays = new Map<string, HostVolume[]>();
  readonly #folders = new Map<string, Promise<string | undefined>>();
  /** The names of the pools that were on. */
  readonly #pools = new Set<string>();

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws RemoteError when libvirt refuses to say. A host without storage has no volumes. */
  static async read(connection: Connection, options: OperationOptions = {}): Promise<HostVolumes> {
    const volumes = new HostVolumes(connection);
    for (const pool of await activePools(connection, options)) {
      // Whoever died while it looked into a folder has left that.
      if (isFolderPool(pool.name)) {
        await connection.storagePools.destroy(pool).catch(() => undefined);
        continue;
      }
      volumes.#pools.add(pool.name);
      await volumes.#add(pool, pool.name, options).catch(unlessStopped);
    }
    return volumes;
  }

  /** What is at a path, as far as it was looked for. */
  find(path: string): HostVolume | undefined {
    return this.#byPath.get(path);
  }

  /** A volume of a pool that is on. */
  findIn(pool: string, name: string): HostVolume | undefined {
    return this.#byName.get(`${pool}\0${name}`);
  }

  /** Whether a pool was on. */
  hasPool(name: string): boolean {
    return this.#pools.has(name);
  }

  /** What is known to start from the file. */
  overlaysOf(path: string): readonly HostVolume[] {
    return this.#overlays.get(path) ?? [];
  }

  /** Knows the files in a folder as well. Returns why that cannot be, in libvirt's words. */
  include(folder: string, options: OperationOptions = {}): Promise<string | undefined> {
    const known = this.#folders.get(folder) ?? this.#look(folder, options);
    this.#folders.set(folder, known);
    return known;
  }

  async #look(folder: string, options: OperationOptions): Promise<string | undefined> {
    try {
      await withFolderPool(this.#connection, folder, async (pool) =>
        this.#add(pool, this.#pools.has(pool.name) ? pool.name : undefined, options),
      );
      return undefined;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isLibvirtError(error)) return error.message;
      throw error;
    }
  }

  async #add(pool: StoragePoolRef, name: string | undefined, options: OperationOptions): Promise<void> {
    const refs = await this.#connection.storagePools.volumes(pool, options);
    for (let at = 0; at < refs.length; at += AT_ONCE)
      for (const volume of await Promise.all(
        refs.slice(at, at + AT_ONCE).map(async (ref) => this.#describe(ref, name, options)),
      ))
        if (volume !== undefined) this.#know(volume);
  }

  #know(volume: HostVolume): void {
    if (volume.pool !== undefined) this.#byName.set(`${volume.pool}\0${volume.name}`, volume);
    // Two pools may hold it.
    if (this.#byPath.has(volume.path)) return;
    this.#byPath.set(volume.path, volume);
    if (volume.backing === undefined) return;
    const others = this.#overlays.get(volume.backing) ?? [];
    this.#overlays.set(volume.backing, [...others, volume]);
  }

  async #describe(
    ref: VolumeRef,
    pool: string | undefined,
    options: OperationOptions,
  ): Promise<HostVolume | undefined> {
    try {
      const xml = child(parseXml(await this.#connection.storageVolumes.xml(ref, options)), 'volume');
      const path = text(child(xml, 'target'), 'path');
      if (path === undefined) return undefined;
      const backing = text(child(xml, 'backingStore'), 'path');
      return { path, pool, name: ref.name, backing: backing && posix.resolve(posix.dirname(path), backing) };
    } catch (error) {
      // It went away meanwhile.
      if (isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) return undefined;
      throw error;
    }
  }
}

/** Somebody may stop a pool while it is read. */
function unlessStopped(error: unknown): void {
  if (!isLibvirtError(error, ErrorCode.OPERATION_INVALID, ErrorCode.NO_STORAGE_POOL)) throw error;
}

async function activePools(
  { storagePools }: Connection,
  options: OperationOptions,
): Promise<readonly StoragePoolRef[]> {
  try {
    return await storagePools.list(ListPools.ACTIVE, options);
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return [];
    throw error;
  }
}
