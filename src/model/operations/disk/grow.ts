import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import type { DiskSource } from '../../storage/disk.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { changeDisk, type DiskCall, type DiskTarget } from './on-disk.ts';

export interface GrowDiskChoices {
  /** What the guest will see, in bytes. */
  readonly capacity: bigint;
}

/**
 * Makes a disk larger: `virDomainBlockResize` while its domain runs, `virStorageVolResize` while it does not. Partitions
 * and file systems inside are as they were. Returns the size before, in bytes.
 * @throws OperationError `would-shrink`, `disk-state`; GoneError, RemoteError
 */
export function growDisk(
  target: DiskTarget,
  { capacity }: GrowDiskChoices,
  options: OperationOptions = {},
): Promise<bigint> {
  return changeDisk(target, options, async (call) => {
    const before = await sizeOf(call, options);
    if (capacity <= before.capacity)
      throw new OperationError('would-shrink', t('It is as large as that already'));
    if (before.volume === undefined)
      await call.connection.domainBlocks.resize(call.ref, target.disk, capacity, options);
    else await call.connection.storageVolumes.resize(before.volume, capacity, 0, options);
    return before.capacity;
  });
}

/** What the guest sees of a disk, in bytes. @throws OperationError `disk-state`; GoneError, RemoteError */
export function diskSize(target: DiskTarget, options: OperationOptions = {}): Promise<bigint> {
  return changeDisk(target, options, async (call) => (await sizeOf(call, options)).capacity);
}

/** While it does not run, only a volume of a pool has a size that libvirt can change. */
async function sizeOf(
  { connection, ref, disk, active }: DiskCall,
  options: OperationOptions,
): Promise<{ readonly capacity: bigint; readonly volume: VolumeRef | undefined }> {
  if (active) {
    const { capacity } = await connection.domainBlocks.info(ref, disk.target, options);
    return { capacity, volume: undefined };
  }
  const [{ source }] = disk.chain;
  const volume = source && (await volumeOf(connection, source));
  if (volume === undefined)
    throw new OperationError(
      'disk-state',
      t('It is no volume of an active storage pool'),
      t('Start the guest, which can have it larger while it runs, or make a pool of its directory.'),
    );
  return { capacity: (await connection.storageVolumes.info(volume, options)).capacity, volume };
}

/** The volume that a disk lies in; undefined where no active pool has it. @throws RemoteError */
async function volumeOf(connection: Connection, source: DiskSource): Promise<VolumeRef | undefined> {
  const { storagePools, storageVolumes } = connection;
  try {
    if (source.type === 'volume')
      return await storageVolumes.lookupByName(await storagePools.lookupByName(source.pool), source.volume);
    return source.type === 'file' || source.type === 'block'
      ? await storageVolumes.lookupByPath(source.path)
      : undefined;
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_STORAGE_VOL, ErrorCode.NO_STORAGE_POOL)) return undefined;
    throw error;
  }
}
