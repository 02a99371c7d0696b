import { BuildPool } from '../../../client/libvirt/storage/pool.ts';
import { type PoolType, poolTypeFacts } from '../../storage/pool-types.ts';

export interface BuildChoices {
  readonly type: PoolType;
  /** Whether a file system, volume group or partition table that is there already is destroyed. */
  readonly overwrite: boolean;
}

/** Pools whose building destroys nothing refuse both flags; without one, what is there already is overwritten. */
export function buildFlags({ type, overwrite }: BuildChoices): number {
  if (poolTypeFacts(type).build !== 'overwrites') return 0;
  return overwrite ? BuildPool.OVERWRITE : BuildPool.NO_OVERWRITE;
}
