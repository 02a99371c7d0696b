import type { Connection } from '../../../client/libvirt/connect.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { isGone } from '../../inventory/objects.ts';
import { ObjectTarget } from '../../inventory/object-target.ts';
import { GoneError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { refreshPoolRecords } from '../pool/on-pool.ts';

/** What a call to libvirt needs to name the volume. */
export interface VolumeCall {
  readonly connection: Connection;
  readonly ref: VolumeRef;
}

/** The pool that a volume lies in. */
export function poolTarget({ host, name }: ObjectTarget): ObjectTarget {
  return new ObjectTarget(host, { kind: 'pool', key: name.parent ?? '' });
}

/** A volume of a pool, by its name. */
export function volumeTarget({ host, name: pool }: ObjectTarget, name: string): ObjectTarget {
  return new ObjectTarget(host, { kind: 'volume', key: name, parent: pool.key });
}

/** Asks something of a volume and changes nothing. @throws GoneError, or what the question throws */
export async function askVolume<T>(
  target: ObjectTarget,
  question: (call: VolumeCall) => Promise<T>,
): Promise<T> {
  const connection = await target.host.connect();
  const { storagePools, storageVolumes } = connection;
  try {
    const pool = await storagePools.lookupByUuid(poolTarget(target).name.key);
    return await question({ connection, ref: await storageVolumes.lookupByName(pool, target.name.key) });
  } catch (error) {
    if (isGone(target.name, error)) throw new GoneError({ cause: error });
    throw error;
  }
}

/**
 * Does something to a volume; its pool and the pool's volumes are read again afterwards, since libvirt has no events of
 * volumes. @throws GoneError, or what the action throws
 */
export function changeVolume<T>(
  target: ObjectTarget,
  { signal }: OperationOptions,
  action: (call: VolumeCall) => Promise<T>,
): Promise<T> {
  return askVolume(target, async (call) => {
    signal?.throwIfAborted();
    try {
      return await action(call);
    } finally {
      await refreshPoolRecords(poolTarget(target));
    }
  });
}
