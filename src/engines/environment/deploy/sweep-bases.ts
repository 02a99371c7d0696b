import type { Connection } from '../../../client/libvirt/connect.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { DAY_MS } from '../../../model/files/sweep.ts';
import { FileUse } from '../../../model/operations/domain/file-use.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import type { GuestPool } from '../../../model/operations/pool/guest-pool.ts';
import { isBase, isMarker, markerOf } from './base-copy.ts';

/**
 * Removes from a pool copies of images that nobody finished, or that the first release made, and marks without a copy:
 * those that nothing starts from or names, and that nobody has touched for a day. What cannot be looked at stays.
 */
export async function sweepBases(
  pool: GuestPool,
  options: OperationOptions = {},
  now = Date.now(),
): Promise<void> {
  try {
    const volumes = await pool.list();
    const names = new Set(volumes.map(({ name }) => name));
    const marked = new Set(volumes.filter(isBase).map(({ name }) => markerOf(name)));
    const suspects = volumes.filter(
      ({ name }) =>
        (isBase({ name }) && !names.has(markerOf(name))) || (isMarker({ name }) && !marked.has(name)),
    );
    const forgotten = await onlyForgotten(pool.connection, suspects, now);
    if (forgotten.length > 0) await removeUnused(pool, forgotten, options, now);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isLibvirtError(error)) throw error;
  }
}

async function removeUnused(
  pool: GuestPool,
  volumes: readonly VolumeRef[],
  options: OperationOptions,
  now: number,
): Promise<void> {
  const { connection } = pool;
  // What others put there may start from one of them.
  await connection.storagePools.refresh(await pool.open(options), options);
  const use = await FileUse.read(connection, new Set(), options);
  for (const volume of volumes) {
    const path = pool.pathOf(volume.name);
    if (use.usersOf(path).length > 0 || use.volumes.overlaysOf(path).length > 0) continue;
    // Somebody may have gone on with it meanwhile.
    const [still] = await onlyForgotten(connection, [volume], now);
    if (still !== undefined) await connection.storageVolumes.delete(still, 0, options);
  }
}

async function onlyForgotten(
  { storageVolumes }: Connection,
  volumes: readonly VolumeRef[],
  now: number,
): Promise<readonly VolumeRef[]> {
  const times = await Promise.all(
    volumes.map(async (volume) => {
      const xml = child(parseXml(await storageVolumes.xml(volume)), 'volume');
      return Number(text(child(child(xml, 'target'), 'timestamps'), 'mtime') ?? now / 1000);
    }),
  );
  return volumes.filter((_, index) => now - (times[index] ?? 0) * 1000 > DAY_MS);
}
