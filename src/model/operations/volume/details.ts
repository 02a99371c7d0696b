import { readVolumeDetails, type VolumeDetails } from '../../inventory/kinds/volume-details.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { askVolume } from './on-volume.ts';

/** What a volume is and holds, read now. @throws GoneError, RemoteError */
export function volumeDetails(
  target: ObjectTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<VolumeDetails & { readonly path: string }> {
  return askVolume(target, async ({ connection: { storageVolumes }, ref }) => {
    const [xml, path] = await Promise.all([
      storageVolumes.xml(ref, options),
      storageVolumes.path(ref, options),
    ]);
    return { ...readVolumeDetails(xml), path };
  });
}
