import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { volumeXml } from '../../storage/volume-xml.ts';
import { refreshPoolRecords } from '../pool/on-pool.ts';
import { refuseRunning } from './in-use.ts';
import { askVolume, volumeTarget } from './on-volume.ts';
import type { TransferOptions } from './transfer.ts';

/** How often libvirt is asked how large the clone is by now. */
const ASK_MS = 500;

export interface CloneVolumeChoices {
  /** Where the clone lies: the same pool, or another one of the host. */
  readonly pool: ObjectTarget;
  readonly name: string;
  /** What it becomes, such as `qcow2`; undefined where volumes have no formats. */
  readonly format: string | undefined;
}

/**
 * `virStorageVolCreateXMLFrom`: a volume with the data of another one, converted where the formats differ; it needs no
 * other file. libvirt cannot be told to stop: given up, it ends by itself and the clone is removed then.
 * @throws InUseError while a guest runs with the source, GoneError, RemoteError
 */
export async function cloneVolume(
  source: ObjectTarget,
  { pool, name, format }: CloneVolumeChoices,
  options: TransferOptions = {},
): Promise<ObjectTarget> {
  const [ref, { capacity, allocation }] = await askVolume(source, async (call) => {
    await refuseRunning(call, 'writers', options);
    return [call.ref, await call.connection.storageVolumes.info(call.ref, options)];
  });
  options.signal?.throwIfAborted();
  // The call takes as long as the clone: others should not wait for it.
  const connection = await pool.host.connectAnother(options.signal);
  const over = new AbortController();
  try {
    const place = await connection.storagePools.lookupByUuid(pool.name.key);
    const plan = { name, capacity, allocation: 0n, ...(format === undefined ? {} : { format }) };
    const making = connection.storageVolumes.clone(place, volumeXml(plan), ref);
    tellSize(pool, name, Number(allocation), options, over.signal).catch(() => undefined);
    const made = await making;
    if (options.signal?.aborted === true) await connection.storageVolumes.delete(made);
    options.signal?.throwIfAborted();
    return volumeTarget(pool, name);
  } finally {
    over.abort();
    connection.close();
    await refreshPoolRecords(pool);
  }
}

/** libvirt tells nothing of a clone that grows: its size on the disk does. */
async function tellSize(
  { host, name: pool }: ObjectTarget,
  name: string,
  total: number,
  { onBytes }: TransferOptions,
  over: AbortSignal,
): Promise<void> {
  const { storagePools, storageVolumes }: Connection = await host.connect();
  const place = await storagePools.lookupByUuid(pool.key);
  for (;;) {
    await delay(ASK_MS, undefined, { signal: over });
    const volume: VolumeRef = await storageVolumes.lookupByName(place, name);
    const { allocation } = await storageVolumes.info(volume);
    if (!over.aborted) onBytes?.(Math.min(Number(allocation), total), total);
  }
}
