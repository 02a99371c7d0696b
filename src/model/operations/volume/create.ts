import { CreateVolume } from '../../../client/libvirt/storage/volume.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { type VolumePlan, volumeXml } from '../../storage/volume-xml.ts';
import type { OperationOptions } from '../operation.ts';
import { changePool } from '../pool/on-pool.ts';
import { volumeTarget } from './on-volume.ts';

export interface CreateVolumeChoices {
  readonly plan: VolumePlan;
  /** Writes the tables of a qcow2 image at once: it takes a little more space and is quicker later. */
  readonly preallocate?: boolean;
}

/** `virStorageVolCreateXML`, in a pool that is active. Returns the new volume. @throws GoneError, RemoteError */
export function createVolume(
  pool: ObjectTarget,
  { plan, preallocate = false }: CreateVolumeChoices,
  options: OperationOptions = {},
): Promise<ObjectTarget> {
  return changePool(pool, options, async ({ connection, ref }) => {
    const flags = preallocate ? CreateVolume.PREALLOCATE_METADATA : 0;
    const { name } = await connection.storageVolumes.create(ref, volumeXml(plan), flags, options);
    return volumeTarget(pool, name);
  });
}
