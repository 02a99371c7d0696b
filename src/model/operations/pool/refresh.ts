import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changePool } from './on-pool.ts';

/** `virStoragePoolRefresh`: finds the volumes that others made or removed. @throws GoneError, RemoteError */
export function refreshPool(
  target: ObjectTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changePool(target, options, ({ connection, ref }) => connection.storagePools.refresh(ref, options));
}
