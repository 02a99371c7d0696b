import { access, constants, lstat, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import { isSessionDaemon, isThisMachine } from '../../inventory/place.ts';
import type { OperationOptions } from '../operation.ts';
import { withFolderPool } from '../pool/folder-pool.ts';
import { deleteFile } from './delete-file.ts';

/**
 * Whether something is at a path of a host, as far as can be known: on another machine libvirt looks into the folder,
 * and one that it cannot look into seems empty.
 */
export async function isOnHost(
  connection: Connection,
  path: string,
  options: OperationOptions = {},
): Promise<boolean> {
  if (isThisMachine(connection.uri))
    return lstat(path).then(
      () => true,
      () => false,
    );
  try {
    return await withFolderPool(connection, posix.dirname(path), async (pool) => {
      const volumes = await connection.storagePools.volumes(pool, options);
      return volumes.some(({ name }) => name === posix.basename(path));
    });
  } catch (error) {
    if (isLibvirtError(error)) return false;
    throw error;
  }
}

/**
 * Whether we can rename what the host's daemon writes into a folder: not on another machine, and not where only a
 * file's owner may, who is the daemon's.
 */
export async function canReplaceOnHost({ uri }: Connection, folder: string): Promise<boolean> {
  if (!isThisMachine(uri)) return false;
  try {
    await access(folder, constants.W_OK);
    const { mode, uid } = await stat(folder);
    const me = process.getuid?.();
    const isSticky = (mode & STICKY) !== 0;
    return !isSticky || me === 0 || uid === me || isSessionDaemon(uri);
  } catch {
    return false;
  }
}

const STICKY = 0o1000;

/** Deletes a file of a host by libvirt. What is gone is fine. @throws RemoteError */
export async function deleteOnHost(
  connection: Connection,
  path: string,
  options: OperationOptions = {},
): Promise<void> {
  await deleteFile(connection, { path, pool: undefined, name: posix.basename(path) }, options);
}
