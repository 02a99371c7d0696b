import { UndefineDomain } from '../../../client/libvirt/domain/domain.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** What goes together with the definition. libvirt refuses to leave a saved state or snapshots behind. */
export interface UndefineChoices {
  readonly managedSave: boolean;
  /** What libvirt knows of its snapshots and checkpoints; the data inside the disks stays. */
  readonly snapshots: boolean;
  readonly nvram: boolean;
  /** Deleted with all that is on them. */
  readonly disks: readonly VolumeRef[];
}

/**
 * `virDomainUndefineFlags`: one that runs goes on as a transient domain. The definition goes first: while it is there,
 * the disks still belong to something. @throws GoneError, RemoteError
 */
export function undefineDomain(
  target: DomainTarget,
  { managedSave, snapshots, nvram, disks }: UndefineChoices,
  options: OperationOptions = {},
): Promise<void> {
  const flags =
    (managedSave ? UndefineDomain.MANAGED_SAVE : 0) |
    (snapshots ? UndefineDomain.SNAPSHOTS_METADATA | UndefineDomain.CHECKPOINTS_METADATA : 0) |
    (nvram ? UndefineDomain.NVRAM : UndefineDomain.KEEP_NVRAM);
  return changeDomain(target, options, async ({ connection, ref }) => {
    await connection.domains.undefine(ref, flags, options);
    for (const disk of disks) await connection.storageVolumes.delete(disk);
  });
}
