import type { Connection } from '../../../client/libvirt/connect.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import { isGone } from '../../inventory/objects.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { GoneError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';

/** What a call to libvirt needs to name the pool. */
export interface PoolCall {
  readonly connection: Connection;
  readonly ref: StoragePoolRef;
}

/** Asks something of a pool and changes nothing. @throws GoneError, or what the question throws */
async function askPool<T>(
  { host, name }: ObjectTarget,
  question: (call: PoolCall) => Promise<T>,
): Promise<T> {
  const connection = await host.connect();
  try {
    return await question({ connection, ref: await connection.storagePools.lookupByUuid(name.key) });
  } catch (error) {
    if (isGone(name, error)) throw new GoneError({ cause: error });
    throw error;
  }
}

/**
 * Does something to a pool, which is read again afterwards with its volumes, since not every change has an event.
 * @throws GoneError, or what the action throws
 */
export function changePool<T>(
  target: ObjectTarget,
  { signal }: OperationOptions,
  action: (call: PoolCall) => Promise<T>,
): Promise<T> {
  return askPool(target, async (call) => {
    signal?.throwIfAborted();
    try {
      return await action(call);
    } finally {
      await refreshPoolRecords(target);
    }
  });
}

/** Reads a pool and its volumes again. What cannot be read is reported by the host itself. */
export async function refreshPoolRecords({ host, name }: ObjectTarget): Promise<void> {
  await Promise.allSettled([
    host.refresh({ kind: 'pool', key: name.key }),
    host.refreshAll('volume', name.key),
  ]);
}
