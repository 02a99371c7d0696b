import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changePool } from './on-pool.ts';

/** Whether the pool is started with its host. */
export interface PoolAutostartChoices {
  readonly enabled: boolean;
}

/** `virStoragePoolSetAutostart`, which has no event. @throws GoneError, RemoteError */
export function setPoolAutostart(
  target: ObjectTarget,
  { enabled }: PoolAutostartChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changePool(target, options, ({ connection, ref }) =>
    connection.storagePools.setAutostart(ref, enabled, options),
  );
}
