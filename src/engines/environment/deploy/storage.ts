import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef, VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import { DiskError } from '../../../model/disk-image/disk-error.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { type GuestPool, lookupPool } from '../../../model/operations/pool/guest-pool.ts';
import type { OwnedVolume } from './record.ts';
import { uploadFile } from '../../../model/operations/volume/upload-file.ts';
import { isBase, markerOf } from './base-copy.ts';

/** A volume that a guest needs. */
export type WantedVolume = { readonly name: string } & (
  | { readonly kind: 'empty'; readonly bytes: number; readonly format: 'qcow2' | 'raw' }
  | {
      readonly kind: 'overlay';
      readonly bytes: number;
      /** What it starts from, which is never written to. */
      readonly backing: { readonly path: string; readonly format: string };
    }
  /** The bytes of a file of this machine. */
  | { readonly kind: 'upload'; readonly file: string }
);

/** Creates the volume unless it exists and is whole. A volume that a guest may have written to is never replaced. */
export async function ensureVolume(
  pool: GuestPool,
  wanted: WantedVolume,
  options: OperationOptions,
): Promise<void> {
  if (wanted.kind === 'upload') {
    await uploadFile(pool, wanted, options);
    return;
  }
  const ref = await pool.open(options);
  const found = await pool.find(wanted.name);
  if (found !== undefined) return checkDisk(pool, found, wanted);
  await pool.connection.storageVolumes.create(ref, volumeXml(wanted), 0, options);
}

/** What a full disk or a killed program leaves of an image is no image: QEMU would say so in words of its own. */
async function checkDisk(
  pool: GuestPool,
  volume: VolumeRef,
  wanted: Exclude<WantedVolume, { kind: 'upload' }>,
): Promise<void> {
  if (wanted.kind === 'empty' && wanted.format === 'raw') return;
  const xml = child(parseXml(await pool.connection.storageVolumes.xml(volume)), 'volume');
  const isImage = text(child(child(xml, 'target'), 'format'), '@type') === 'qcow2';
  const hasBase = wanted.kind === 'empty' || text(child(xml, 'backingStore'), 'path') !== undefined;
  if (isImage && hasBase) return;
  throw new DiskError(
    isImage
      ? t('The disk {0} is no longer based on its image', wanted.name)
      : t('The disk {0} is empty or damaged', wanted.name),
    t(
      'Put a copy of the file back, or rebuild the guest: its disks are made anew, and what was on them is lost.',
    ),
  );
}

function volumeXml(wanted: Exclude<WantedVolume, { kind: 'upload' }>): string {
  const format = wanted.kind === 'overlay' ? 'qcow2' : wanted.format;
  return writeXml(
    element(
      'volume',
      {},
      element('name', {}, wanted.name),
      element('capacity', { unit: 'bytes' }, wanted.bytes),
      element('allocation', {}, 0),
      element('target', {}, element('format', { type: format })),
      wanted.kind === 'overlay'
        ? element(
            'backingStore',
            {},
            element('path', {}, wanted.backing.path),
            element('format', { type: wanted.backing.format }),
          )
        : undefined,
    ),
  );
}

/** Grows a disk to its declared size. @throws Error when it would shrink */
export async function growVolume(
  pool: GuestPool,
  { name, bytes }: { readonly name: string; readonly bytes: number },
  running: { resize(path: string): Promise<void> } | undefined,
): Promise<void> {
  const { storageVolumes } = pool.connection;
  const volume = await pool.find(name);
  if (volume === undefined) return;
  const { capacity } = await storageVolumes.info(volume);
  if (capacity === BigInt(bytes)) return;
  if (capacity > BigInt(bytes))
    throw new Error(t('{0} would shrink and lose the data beyond its new end', name));
  if (running === undefined) await storageVolumes.resize(volume, BigInt(bytes));
  else await running.resize(pool.pathOf(name));
}

/** What a volume starts from, as the host has it; undefined while there is none of that name, or it starts from nothing. */
export async function backingOf(
  pool: GuestPool,
  name: string,
): Promise<{ readonly path: string; readonly format: string } | undefined> {
  const volume = await pool.find(name);
  if (volume === undefined) return undefined;
  const xml = child(parseXml(await pool.connection.storageVolumes.xml(volume)), 'volume');
  const backing = child(xml, 'backingStore');
  const path = text(backing, 'path');
  return path === undefined ? undefined : { path, format: text(child(backing, 'format'), '@type') ?? 'raw' };
}

/** A pool cannot be started, so that what a guest has there can neither be used nor deleted. */
class PoolOffError extends Error {
  override readonly name = 'PoolOffError';
  readonly code = 'pool-off';
  readonly hint = t('Nothing was deleted. Set the pool right, and try again.');

  constructor(pool: string, volumes: readonly string[], cause: Error) {
    const names = volumes.join(', ');
    super(t('The pool {0}, which holds {1}, cannot be started: {2}', pool, names, cause.message), { cause });
  }
}

/** Whether a volume is there; of a pool that is gone, none is. @throws PoolOffError */
export async function hasVolume(connection: Connection, { pool, name }: OwnedVolume): Promise<boolean> {
  const ref = await lookupPool(connection, pool);
  if (ref === undefined) return false;
  await startPool(connection, ref, [name]);
  return (await connection.storagePools.volumes(ref)).some((volume) => volume.name === name);
}

/**
 * Deletes the volumes of a guest, and copies of images that no other guest starts from. Missing volumes are fine.
 * @throws PoolOffError before anything is deleted
 */
export async function deleteVolumes(connection: Connection, volumes: readonly OwnedVolume[]): Promise<void> {
  // All pools first: a guest is deleted whole, or stays as it is.
  for (const [name, inside] of Map.groupBy(volumes, ({ pool }) => pool)) {
    const ref = await lookupPool(connection, name);
    const names = inside.map((volume) => volume.name);
    if (ref !== undefined) await startPool(connection, ref, names);
  }
  // Overlays go first: they hold their base.
  for (const { pool, name } of volumes.toSorted((a, b) => Number(isBase(a)) - Number(isBase(b)))) {
    const ref = await lookupPool(connection, pool);
    if (ref === undefined) continue;
    try {
      const volume = await connection.storageVolumes.lookupByName(ref, name);
      if (isBase({ name }) && (await isStartedFrom(connection, ref, volume))) continue;
      if (isBase({ name })) await deleteMarker(connection, ref, name);
      await connection.storageVolumes.delete(volume);
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  }
}

/** It goes before the copy, which is never taken for whole while it is being deleted. */
async function deleteMarker(connection: Connection, pool: StoragePoolRef, name: string): Promise<void> {
  try {
    const { storageVolumes } = connection;
    await storageVolumes.delete(await storageVolumes.lookupByName(pool, markerOf(name)));
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
  }
}

/** Not built first: a directory that is missing may be on a disk that is not mounted, and is not empty then. */
async function startPool(
  { storagePools }: Connection,
  ref: StoragePoolRef,
  wanted: readonly string[],
): Promise<void> {
  if (await storagePools.isActive(ref)) return;
  try {
    await storagePools.start(ref);
  } catch (error) {
    // Somebody else's start may have come between.
    if (!(await storagePools.isActive(ref))) throw new PoolOffError(ref.name, wanted, error as Error);
  }
}

async function isStartedFrom(
  connection: Connection,
  pool: StoragePoolRef,
  base: VolumeRef,
): Promise<boolean> {
  const { storageVolumes, storagePools } = connection;
  const path = await storageVolumes.path(base);
  for (const volume of await storagePools.volumes(pool)) {
    const xml = child(parseXml(await storageVolumes.xml(volume)), 'volume');
    if (text(child(xml, 'backingStore'), 'path') === path) return true;
  }
  return false;
}
