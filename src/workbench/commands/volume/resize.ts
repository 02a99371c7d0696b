import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { resizeVolume } from '../../../model/operations/volume/resize.ts';
import { volumeDetails } from '../../../model/operations/volume/details.ts';
import { warn } from '../../ui/notices.ts';
import { withProgress } from '../../ui/progress.ts';
import { sizeText } from '../../ui/sizes.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';
import { askSize } from './create.ts';

/** Asks for the new size; smaller only with a raw volume, and only after saying what is lost. */
export async function resizeVolumes(
  context: CommandContext,
  [volume]: readonly ObjectTarget[],
): Promise<void> {
  if (volume === undefined) return;
  const name = objectName(volume);
  try {
    const { capacity: before, format } = await volumeDetails(volume, {});
    const capacity = await askSize(t('New size of {0}', name), sizeText(before), (bytes) =>
      bytes < before && format !== 'raw'
        ? t('Only raw volumes can become smaller; this one has {0}.', sizeText(before))
        : undefined,
    );
    if (capacity === undefined || capacity === before) return;
    const shrink = capacity < before;
    if (shrink && !(await confirmShrink(name, before, capacity))) return;
    await withProgress(t('Resizing {0}', name), (signal) =>
      resizeVolume(volume, { capacity, shrink }, { signal }),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not resize {0}.', name), error);
  }
}

async function confirmShrink(name: string, before: bigint, after: bigint): Promise<boolean> {
  const button = t('Shrink Volume');
  const answer = await warn(
    t('Shrink {0} to {1}?', name, sizeText(after)),
    {
      modal: true,
      detail: t(
        'Its last {0} are cut off, with all that lies there. Shrink the file system inside first.',
        sizeText(before - after),
      ),
    },
    button,
  );
  return answer === button;
}
