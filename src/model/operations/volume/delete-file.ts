import { posix } from 'node:path';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import type { OperationOptions } from '../operation.ts';
import { withFolderPool } from '../pool/folder-pool.ts';
import type { HostVolume } from './host-volumes.ts';

/**
 * `virStorageVolDelete` of a file or another volume of a host, also of one outside of all pools. What is gone already
 * is fine. @throws RemoteError
 */
export async function deleteFile(
  connection: Connection,
  { path, pool, name }: Pick<HostVolume, 'path' | 'pool' | 'name'>,
  options: OperationOptions = {},
): Promise<void> {
  const remove = async (ref: StoragePoolRef) => {
    try {
      const volume = await connection.storageVolumes.lookupByName(ref, name, options);
      await connection.storageVolumes.delete(volume, 0, options);
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  };
  if (pool === undefined) await withFolderPool(connection, posix.dirname(path), remove);
  else await remove(await connection.storagePools.lookupByName(pool, options));
}
