import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { refuseInUse } from './in-use.ts';
import { changeVolume } from './on-volume.ts';

/** `virStorageVolDelete`: its data are gone. @throws InUseError, GoneError, RemoteError */
export function deleteVolume(
  target: ObjectTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeVolume(target, options, async (call) => {
    await refuseInUse(call, options);
    await call.connection.storageVolumes.delete(call.ref, 0, options);
  });
}
