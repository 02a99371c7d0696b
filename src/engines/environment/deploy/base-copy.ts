import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { withLock } from '../../../model/files/lock.ts';
import { rawVolumeXml } from '../../../model/storage/volume-xml.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import type { GuestPool } from '../../../model/operations/pool/guest-pool.ts';
import { uploadFile } from '../../../model/operations/volume/upload-file.ts';

/** The copy of an image in a pool, which guests of any workspace and of any user start from. */
export interface BaseCopy {
  readonly name: string;
  /** The image on this machine. */
  readonly file: string;
}

/** Names who copies images. Those with the same folder of images wait for each other, and for nobody else. */
export interface Uploader {
  readonly folder: string;
  /** Part of the names of what is copied from that folder. */
  readonly token: string;
}

const BASE_PREFIX = 'kvm-base-';
/** libvirt cannot rename a volume: an empty one beside the copy says that it is whole. */
const MARKER_PREFIX = 'kvm-whole-';

/** Whether a volume is the copy of an image. */
export function isBase({ name }: { readonly name: string }): boolean {
  return name.startsWith(BASE_PREFIX);
}

/** The volume that says of a copy that it is whole. */
export function markerOf(name: string): string {
  return `${MARKER_PREFIX}${name.slice(BASE_PREFIX.length)}`;
}

/** Whether a volume says of a copy that it is whole. */
export function isMarker({ name }: { readonly name: string }): boolean {
  return name.startsWith(MARKER_PREFIX);
}

/** Which copy a guest is to start from: a whole one, whoever made it, or else the one that this uploader will make. */
export async function chooseBase(
  pool: GuestPool,
  image: { readonly key: string; readonly format: string; readonly path: string },
  { token }: Uploader,
): Promise<BaseCopy> {
  const { key, format, path } = image;
  const volumes = await pool.list();
  const names = new Set(volumes.map(({ name }) => name));
  for (const volume of volumes) {
    const { name } = volume;
    const isOfImage = name.startsWith(`${BASE_PREFIX}${key}-`) && name.endsWith(`.${format}`);
    if (isOfImage && names.has(markerOf(name)) && (await isAsLong(pool, volume, path)))
      return { name, file: path };
  }
  return { name: `${BASE_PREFIX}${key}-${token}.${format}`, file: path };
}

/**
 * Provides the copy that was chosen. One that another machine makes, or has not finished, is never touched.
 * @throws RemoteError, Error when the image cannot be read, or the copy of another was removed since it was chosen
 */
export async function provideBase(
  pool: GuestPool,
  copy: BaseCopy,
  { folder, token }: Uploader,
  options: OperationOptions,
): Promise<void> {
  const { storageVolumes } = pool.connection;
  const work = async () => {
    const marker = await pool.find(markerOf(copy.name));
    const found = await pool.find(copy.name);
    if (marker !== undefined && found !== undefined && (await isAsLong(pool, found, copy.file))) return;
    if (!copy.name.includes(`-${token}.`))
      throw new Error(t('{0} was removed by another program meanwhile', copy.name));
    if (marker !== undefined) await storageVolumes.delete(marker, 0, options);
    await uploadFile(pool, copy, options);
    await storageVolumes.create(await pool.open(options), rawVolumeXml(markerOf(copy.name)), 0, options);
  };
  await withLock(join(folder, `.${copy.name}.lock`), work, { signal: options.signal });
}

async function isAsLong(pool: GuestPool, volume: VolumeRef, file: string): Promise<boolean> {
  const { size } = await stat(file);
  return (await pool.connection.storageVolumes.physicalSize(volume)) === BigInt(size);
}
