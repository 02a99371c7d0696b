import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { rawVolumeXml } from '../../storage/volume-xml.ts';
import type { OperationOptions } from '../operation.ts';
import type { GuestPool } from '../pool/guest-pool.ts';

/** What is uploaded, and what it is called then. */
export interface UploadChoices {
  /** A file of this machine. */
  readonly file: string;
  /** The name of its volume. */
  readonly name: string;
}

/** libvirt may say that all went well although its disk was full. */
class CutShortError extends Error {
  override readonly name = 'CutShortError';
  readonly hint = t('The disk of the host may be full. Make room there, and try again.');

  constructor(volume: string, arrived: bigint, size: number) {
    super(t('{0} arrived only in part: {1} of {2} bytes', volume, String(arrived), size));
  }
}

/**
 * `virStorageVolUpload`: copies a file of this machine into a pool over the host's own connection, unless its copy is
 * there and whole. Returns its path on the host. @throws RemoteError, Error when the file cannot be read, or the copy is
 * shorter
 */
export async function uploadFile(
  pool: GuestPool,
  { file, name }: UploadChoices,
  options: OperationOptions = {},
): Promise<string> {
  const { storageVolumes, volumeTransfers } = pool.connection;
  const { size } = await stat(file);
  const ref = await pool.open(options);
  const found = await pool.find(name);
  // Bytes arrive in their order, so that a copy as long as its source is whole.
  if (found !== undefined && (await storageVolumes.physicalSize(found)) === BigInt(size))
    return pool.pathOf(name);
  if (found !== undefined) await storageVolumes.delete(found, 0, options);
  const volume = await storageVolumes.create(ref, rawVolumeXml(name), 0, options);
  await volumeTransfers.upload(volume, file, {
    ...options,
    onProgress: (bytes) => options.progress?.(size === 0 ? 1 : bytes / size),
  });
  const arrived = await storageVolumes.physicalSize(volume, options);
  if (arrived !== BigInt(size)) throw new CutShortError(name, arrived, size);
  return pool.pathOf(name);
}
