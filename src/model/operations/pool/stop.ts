import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changePool } from './on-pool.ts';

/** `virStoragePoolDestroy`: its data stay, and guests that use them run on. @throws GoneError, RemoteError */
export function stopPool(target: ObjectTarget, _: NoChoices, options: OperationOptions = {}): Promise<void> {
  return changePool(target, options, ({ connection, ref }) => connection.storagePools.destroy(ref, options));
}
