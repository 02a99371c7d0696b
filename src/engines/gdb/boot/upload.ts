import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { isLibvirtError, ErrorCode } from '../../../client/libvirt/error.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import { rawVolumeXml } from '../../../model/guest/volume-xml.ts';
import { DebugError } from '../error.ts';

/** `VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE` with `VIR_CONNECT_LIST_STORAGE_POOLS_DIR`. */
const ACTIVE_FOLDERS = 2 | 64;
/** What many hosts have, and where people look for such things. */
const USUAL_POOL = 'default';

/**
 * Copies a file of this machine to a host, over its own connection, into a storage pool there. Returns its path on
 * the host. @throws DebugError where the host has no pool for it.
 */
export async function upload(connection: Connection, path: string): Promise<string> {
  const { storageVolumes, volumeTransfers } = connection;
  const pool = await poolFor(connection, path);
  const name = `kvm-debug-${randomBytes(4).toString('hex')}-${basename(path).replaceAll(/[^\w.-]/g, '_')}`;
  const volume = await storageVolumes.create(pool, rawVolumeXml(name));
  try {
    await volumeTransfers.upload(volume, path);
    return await storageVolumes.path(volume);
  } catch (error) {
    await storageVolumes.delete(volume);
    throw error;
  }
}

/** Takes copies away again. What is gone already is fine. */
export async function removeUploads(connection: Connection, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await connection.storageVolumes.delete(await connection.storageVolumes.lookupByPath(path));
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  }
}

async function poolFor({ storagePools }: Connection, path: string): Promise<StoragePoolRef> {
  const pools = await storagePools.list(ACTIVE_FOLDERS);
  const pool = pools.find(({ name }) => name === USUAL_POOL) ?? pools[0];
  if (pool !== undefined) return pool;
  throw new DebugError(
    'image',
    `The host has no storage pool that could hold a copy of ${path}`,
    'Start a pool of type dir there, or copy the file there yourself and set the configuration to its path there.',
  );
}
