import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changePool } from './on-pool.ts';

/** `virStoragePoolCreate`: makes its volumes known. @throws GoneError, RemoteError */
export function startPool(target: ObjectTarget, _: NoChoices, options: OperationOptions = {}): Promise<void> {
  return changePool(target, options, ({ connection, ref }) => connection.storagePools.start(ref, 0, options));
}
