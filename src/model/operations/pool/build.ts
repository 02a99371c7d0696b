import { BuildPool } from '../../../client/libvirt/storage/pool.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { isPoolType, poolTypeFacts } from '../../storage/pool-types.ts';
import type { OperationOptions } from '../operation.ts';
import { changePool } from './on-pool.ts';

export interface BuildPoolChoices {
  /** libvirt's word for what it is made of. */
  readonly type: string;
  /** Whether a file system, volume group or partition table that is there already is destroyed. */
  readonly overwrite: boolean;
}

/** `virStoragePoolBuild`: makes the directory, the file system, the volume group… @throws GoneError, RemoteError */
export function buildPool(
  target: ObjectTarget,
  choices: BuildPoolChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changePool(target, options, ({ connection, ref }) =>
    connection.storagePools.build(ref, buildFlags(choices), options),
  );
}

/** Pools whose building destroys nothing refuse both flags; without one, what is there already is overwritten. */
export function buildFlags({ type, overwrite }: BuildPoolChoices): number {
  if (!isPoolType(type) || poolTypeFacts(type).build !== 'overwrites') return 0;
  return overwrite ? BuildPool.OVERWRITE : BuildPool.NO_OVERWRITE;
}
