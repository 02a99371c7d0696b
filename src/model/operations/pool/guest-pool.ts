import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef, VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { LibvirtUri } from '../../../client/transport/uri.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import { isSessionDaemon, isThisMachine } from '../../inventory/place.ts';
import type { OperationOptions } from '../operation.ts';

/** The pool that is made where there is no `default` one. */
const OWN_POOL = 'kvm-workbench';

/** A directory of a host in which our volumes are made, where QEMU gets to them. */
export class GuestPool {
  readonly name: string;
  /** The directory, as the host knows it. */
  readonly path: string;
  readonly connection: Connection;
  #ref: StoragePoolRef | undefined;

  private constructor(connection: Connection, name: string, path: string, ref: StoragePoolRef | undefined) {
    this.name = name;
    this.path = path;
    this.connection = connection;
    this.#ref = ref;
  }

  /**
   * The pool `default` if it is active, else a pool of our own, which is created with its first volume.
   * @param keeper the pool that has volumes already, which is taken before any other, also while it is off
   */
  static async choose(connection: Connection, keeper?: string): Promise<GuestPool> {
    for (const name of [...(keeper === undefined ? [] : [keeper]), 'default', OWN_POOL]) {
      const found = await lookupPool(connection, name);
      if (found === undefined) continue;
      const { path, isDirectory } = await describe(connection, found);
      const usable = name === keeper || name === OWN_POOL || (await connection.storagePools.isActive(found));
      if (usable && isDirectory) return new GuestPool(connection, name, path, found);
    }
    return new GuestPool(connection, OWN_POOL, ownFolder(connection.uri), undefined);
  }

  /** Where a volume is, or will be. */
  pathOf(volume: string): string {
    return `${this.path}/${volume}`;
  }

  /** Makes the pool and starts it unless that is done. @throws RemoteError */
  async open(options: OperationOptions): Promise<StoragePoolRef> {
    const { storagePools } = this.connection;
    const ref = (this.#ref ??= (await lookupPool(this.connection, this.name)) ?? (await this.#define()));
    if (await storagePools.isActive(ref)) return ref;
    try {
      await storagePools.build(ref, 0, options);
      await storagePools.start(ref, 0, options);
    } catch (error) {
      // Another guest's start of it may have come between.
      if (options.signal?.aborted === true || !(await storagePools.isActive(ref))) throw error;
    }
    return ref;
  }

  /** A volume of that name; undefined where there is none, and while the pool is off. */
  async find(name: string): Promise<VolumeRef | undefined> {
    const pool = await lookupPool(this.connection, this.name);
    if (pool === undefined || !(await this.connection.storagePools.isActive(pool))) return undefined;
    try {
      return await this.connection.storageVolumes.lookupByName(pool, name);
    } catch (error) {
      if (isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) return undefined;
      throw error;
    }
  }

  /** Its volumes; none while the pool is off or not there. */
  async list(): Promise<readonly VolumeRef[]> {
    const { storagePools } = this.connection;
    const pool = await lookupPool(this.connection, this.name);
    return pool !== undefined && (await storagePools.isActive(pool)) ? storagePools.volumes(pool) : [];
  }

  /** Two guests may find at the same time that the pool is missing. */
  async #define(): Promise<StoragePoolRef> {
    const xml = writeXml(
      element(
        'pool',
        { type: 'dir' },
        element('name', {}, this.name),
        element('target', {}, element('path', {}, this.path)),
      ),
    );
    try {
      return await this.connection.storagePools.defineXml(xml);
    } catch (error) {
      const meanwhile = await lookupPool(this.connection, this.name);
      if (meanwhile === undefined) throw error;
      return meanwhile;
    }
  }
}

/** Removes our own pool with its last volume. Not while guests come up: one of them may be about to use it. */
export async function removeOwnPool(connection: Connection): Promise<void> {
  const { storagePools } = connection;
  const pool = await lookupPool(connection, OWN_POOL);
  if (pool === undefined || !(await storagePools.isActive(pool))) return;
  if ((await storagePools.volumes(pool)).length > 0) return;
  await storagePools.destroy(pool);
  await storagePools.delete(pool);
  await storagePools.undefine(pool);
}

/** `virStoragePoolLookupByName`; undefined where there is none. */
export async function lookupPool(
  { storagePools }: Connection,
  name: string,
): Promise<StoragePoolRef | undefined> {
  try {
    return await storagePools.lookupByName(name);
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_STORAGE_POOL)) return undefined;
    throw error;
  }
}

async function describe(connection: Connection, ref: StoragePoolRef) {
  const pool = child(parseXml(await connection.storagePools.xml(ref)), 'pool');
  const path = text(child(pool, 'target'), 'path') ?? '';
  return { path, isDirectory: text(pool, '@type') === 'dir' && path !== '' };
}

/** A folder that QEMU's user can reach: the system daemon's own, or libvirt's in the user's data. */
function ownFolder(uri: LibvirtUri): string {
  if (!isSessionDaemon(uri)) return `/var/lib/libvirt/images/${OWN_POOL}`;
  if (!isThisMachine(uri)) return `/var/tmp/${OWN_POOL}-${userInfo().username}`;
  const data = process.env['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(data) ? data : join(homedir(), '.local/share'), 'libvirt/images', OWN_POOL);
}
