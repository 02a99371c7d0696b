import { createHash } from 'node:crypto';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { ListPools } from '../../../client/libvirt/storage/pool.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';

/** Pools of this name are ours, and last only as long as one look into a folder. */
const PREFIX = 'kvm-workbench-folder-';
/** Another window may look into the same folder, and end its look in the middle of ours. */
const ATTEMPTS = 3;

/**
 * Runs work with an active pool over a folder of the host, through which libvirt lists and deletes files with its own
 * rights, wherever the host is. The pool that has the folder is taken; one that is off is started meanwhile, and where
 * there is none a transient one is made. @throws RemoteError when the folder is not there or libvirt refuses
 */
export async function withFolderPool<T>(
  connection: Connection,
  folder: string,
  work: (pool: StoragePoolRef) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(connection, folder, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !hasEnded(error)) throw error;
    }
  }
}

/** Whether a pool is only there for a look into a folder: one that is left over may be ended at any time. */
export function isFolderPool(name: string): boolean {
  return name.startsWith(PREFIX);
}

async function once<T>(
  connection: Connection,
  folder: string,
  work: (pool: StoragePoolRef) => Promise<T>,
): Promise<T> {
  const { storagePools } = connection;
  const active = await activePool(connection, folder);
  // What others put there is not known to it yet. While it uploads something, it knows enough.
  if (active !== undefined && !isFolderPool(active.name)) {
    await storagePools.refresh(active).catch(() => undefined);
    return work(active);
  }
  const pool = active ?? (await openPool(connection, folder));
  try {
    return await work(pool);
  } finally {
    await storagePools.destroy(pool).catch(() => undefined);
  }
}

async function activePool({ storagePools }: Connection, folder: string): Promise<StoragePoolRef | undefined> {
  try {
    return await storagePools.lookupByTargetPath(folder);
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_STORAGE_POOL)) return undefined;
    throw error;
  }
}

async function openPool(connection: Connection, folder: string): Promise<StoragePoolRef> {
  const { storagePools } = connection;
  for (const pool of await storagePools.list(ListPools.INACTIVE | ListPools.DIR)) {
    const xml = child(parseXml(await storagePools.xml(pool)), 'pool');
    if (text(child(xml, 'target'), 'path') !== folder) continue;
    await storagePools.start(pool);
    return pool;
  }
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const target = element('target', {}, element('path', {}, folder));
  return storagePools.createXml(
    writeXml(element('pool', { type: 'dir' }, element('name', {}, `${PREFIX}${digest}`), target)),
  );
}

function hasEnded(error: unknown): boolean {
  return isLibvirtError(error, ErrorCode.NO_STORAGE_POOL, ErrorCode.OPERATION_INVALID);
}
