import { WipeAlgorithm } from '../../../client/libvirt/storage/volume.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { OperationOptions } from '../operation.ts';
import { refuseInUse } from './in-use.ts';
import { changeVolume } from './on-volume.ts';

export interface WipeChoices {
  /** How it is written over, by libvirt's name for it in lower case. */
  readonly algorithm: Lowercase<keyof typeof WipeAlgorithm>;
}

/** `virStorageVolWipePattern`: its data cannot be got back; the volume stays. @throws InUseError, GoneError, RemoteError */
export function wipeVolume(
  target: ObjectTarget,
  { algorithm }: WipeChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeVolume(target, options, async (call) => {
    await refuseInUse(call, options);
    const number = WipeAlgorithm[algorithm.toUpperCase() as keyof typeof WipeAlgorithm];
    await call.connection.storageVolumes.wipe(call.ref, number, options);
  });
}
