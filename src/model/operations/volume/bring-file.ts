import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { OperationOptions } from '../operation.ts';
import { GuestPool, removeOwnPool } from '../pool/guest-pool.ts';
import { type UploadChoices, uploadFile } from './upload-file.ts';

/**
 * Copies a file of this machine to where QEMU on a host reads it, for as long as one guest needs it: {@link takeAway}
 * removes the copy. Returns its path there. @throws RemoteError, Error when the file cannot be read; nothing is left then
 */
export async function bringFile(
  connection: Connection,
  choices: UploadChoices,
  options: OperationOptions = {},
): Promise<string> {
  const pool = await GuestPool.choose(connection);
  try {
    return await uploadFile(pool, choices, options);
  } catch (error) {
    await takeAway(connection, [pool.pathOf(choices.name)]);
    throw error;
  }
}

/** Removes copies by their paths on the host. What is gone already is fine. @throws RemoteError */
export async function takeAway(connection: Connection, paths: readonly string[]): Promise<void> {
  const { storageVolumes } = connection;
  for (const path of paths) {
    try {
      await storageVolumes.delete(await storageVolumes.lookupByPath(path));
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  }
  if (paths.length > 0) await removeOwnPool(connection);
}
