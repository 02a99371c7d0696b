import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { dataExtents } from '../../storage/extents.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { volumeXml } from '../../storage/volume-xml.ts';
import { OperationError } from '../error.ts';
import { refreshPoolRecords } from '../pool/on-pool.ts';
import { askVolume, volumeTarget } from './on-volume.ts';

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** Told how many bytes of how many were passed, holes included. */
  readonly onBytes?: (done: number, total: number) => void;
}

export interface UploadVolumeChoices {
  /** A file of this machine. */
  readonly file: string;
  /** The name of the new volume. */
  readonly name: string;
  /** What is in the file, such as `qcow2`: it is not guessed. */
  readonly format: string;
}

/**
 * `virStorageVolUpload` of a file of this machine into a new volume, with its holes. Given up, or failed, the new volume is
 * removed. Takes a connection of its own, which it keeps busy. @throws OperationError, RemoteError, Error of the file
 */
export async function uploadVolume(
  pool: ObjectTarget,
  { file, name, format }: UploadVolumeChoices,
  options: TransferOptions = {},
): Promise<ObjectTarget> {
  const { size } = await stat(file);
  const extents = await dataExtents(file, options.signal);
  const connection = await pool.host.connectAnother(options.signal);
  try {
    const place = await connection.storagePools.lookupByUuid(pool.name.key, options);
    // As long as its file is; what a guest sees of an image is in the image.
    const xml = volumeXml({ name, capacity: BigInt(size), allocation: 0n, format: 'raw' });
    const volume = await connection.storageVolumes.create(place, xml, 0, options);
    try {
      await send(connection, volume, file, { ...options, extents, total: size });
      // libvirt sees what is in it, and what a guest will see, when it looks again.
      if (format !== 'raw') await connection.storagePools.refresh(place, options);
    } catch (error) {
      await connection.storageVolumes.delete(volume);
      throw error;
    }
    return volumeTarget(pool, name);
  } finally {
    connection.close();
    await refreshPoolRecords(pool);
  }
}

/**
 * `virStorageVolDownload` into a file of this machine, which is there only when it is whole. Holes stay holes. Takes a
 * connection of its own, which it keeps busy. Returns the bytes of the file.
 * @throws GoneError, OperationError, RemoteError, NoSpaceError
 */
export async function downloadVolume(
  target: ObjectTarget,
  { file }: { readonly file: string },
  options: TransferOptions = {},
): Promise<number> {
  const [ref, total] = await askVolume(target, async (call) => [
    call.ref,
    Number(await call.connection.storageVolumes.physicalSize(call.ref)),
  ]);
  const connection = await target.host.connectAnother(options.signal);
  const onProgress = (bytes: number) => options.onBytes?.(bytes, Math.max(total, bytes));
  try {
    return await connection.volumeTransfers.download(ref, file, { ...options, sparse: true, onProgress });
  } catch (error) {
    if (!isUnsupported(error)) throw unsupportedPool(error);
    return await connection.volumeTransfers.download(ref, file, { ...options, onProgress });
  } finally {
    connection.close();
  }
}

interface Sending extends TransferOptions {
  readonly extents: Awaited<ReturnType<typeof dataExtents>>;
  readonly total: number;
}

/** A pool that knows no holes gets every byte. */
async function send(
  { volumeTransfers }: Connection,
  volume: VolumeRef,
  file: string,
  { extents, total, ...options }: Sending,
): Promise<void> {
  const onProgress = (bytes: number) => options.onBytes?.(bytes, total);
  try {
    await volumeTransfers.upload(volume, file, { ...options, sparse: true, extents, onProgress });
  } catch (error) {
    if (!isUnsupported(error)) throw unsupportedPool(error);
    await volumeTransfers.upload(volume, file, { ...options, onProgress });
  }
}

function isUnsupported(error: unknown): boolean {
  return isLibvirtError(error, ErrorCode.ARGUMENT_UNSUPPORTED, ErrorCode.INVALID_ARG);
}

/** libvirt moves no bytes of some types of pools at all. */
function unsupportedPool(error: unknown): unknown {
  return isLibvirtError(error, ErrorCode.NO_SUPPORT)
    ? new OperationError(
        'pool-type',
        t('libvirt cannot move the bytes of volumes of this type of pool'),
        t('Copy it on the host, for example with “qemu-img convert”.'),
        { cause: error },
      )
    : error;
}
