import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changePool, type PoolCall } from './on-pool.ts';

/** The definition always goes. */
export interface RemovePoolChoices {
  /** Also what building it made: the empty directory, the volume group with all that is in it, the partition table. */
  readonly storage: boolean;
}

/**
 * Stops a pool and removes its definition; what its volumes hold stays unless the storage is to go too. The storage goes
 * first: while the definition is there this can be repeated. @throws GoneError, RemoteError
 */
export function removePool(
  target: ObjectTarget,
  { storage }: RemovePoolChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changePool(target, options, async ({ connection: { storagePools }, ref }: PoolCall) => {
    const persistent = await storagePools.isPersistent(ref, options);
    if (await storagePools.isActive(ref, options)) await storagePools.destroy(ref, options);
    // A transient one is gone with its end, and libvirt takes storage apart only of pools that are off.
    if (!persistent) return;
    if (storage) await storagePools.delete(ref, 0, options);
    await storagePools.undefine(ref, options);
  });
}
