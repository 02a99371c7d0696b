import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef, VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { type GuestPool, lookupPool } from '../../../model/operations/pool/guest-pool.ts';
import { uploadFile } from '../../../model/operations/volume/upload-file.ts';

const BASE_PREFIX = 'kvm-base-';

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
  if ((await pool.find(wanted.name)) !== undefined) return;
  await pool.connection.storageVolumes.create(ref, volumeXml(wanted), 0, options);
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

/** The name of an image's copy in a pool, which guests of any workspace share. */
export function baseName(key: string, format: string): string {
  return `${BASE_PREFIX}${key}.${format}`;
}

/** Deletes the volumes of a guest, and copies of images that no other guest starts from. Missing volumes are fine. */
export async function deleteVolumes(
  connection: Connection,
  volumes: readonly { pool: string; name: string }[],
): Promise<void> {
  // Overlays go first: they hold their base.
  for (const { pool, name } of volumes.toSorted((a, b) => Number(isBase(a)) - Number(isBase(b)))) {
    const ref = await lookupPool(connection, pool);
    if (ref === undefined || !(await connection.storagePools.isActive(ref))) continue;
    try {
      const volume = await connection.storageVolumes.lookupByName(ref, name);
      if (isBase({ name }) && (await isStartedFrom(connection, ref, volume))) continue;
      await connection.storageVolumes.delete(volume);
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  }
}

function isBase({ name }: { name: string }): boolean {
  return name.startsWith(BASE_PREFIX);
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
