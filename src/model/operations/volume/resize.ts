import { t } from '@vscode/l10n';
import { ResizeVolume } from '../../../client/libvirt/storage/volume.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { refuseRunning } from './in-use.ts';
import { changeVolume } from './on-volume.ts';

export interface ResizeVolumeChoices {
  /** What a guest will see, in bytes. */
  readonly capacity: bigint;
  /** Allows it to become smaller: what lies beyond the new end is lost. libvirt does so with raw volumes only. */
  readonly shrink: boolean;
}

/**
 * `virStorageVolResize`, of one that no guest runs with: that guest's disk is resized instead.
 * @throws InUseError when a guest runs with it, OperationError when it would shrink unasked, GoneError, RemoteError
 */
export function resizeVolume(
  target: ObjectTarget,
  { capacity, shrink }: ResizeVolumeChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeVolume(target, options, async ({ connection, ref }) => {
    const { storageVolumes } = connection;
    await refuseRunning({ connection, ref }, 'all', options);
    const { capacity: before } = await storageVolumes.info(ref, options);
    if (capacity < before && !shrink)
      throw new OperationError('would-shrink', t('It is larger than that, and its end would be lost'));
    await storageVolumes.resize(ref, capacity, capacity < before ? ResizeVolume.SHRINK : 0, options);
  });
}
