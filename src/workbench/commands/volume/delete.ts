import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { deleteVolume } from '../../../model/operations/volume/delete.ts';
import type { CommandContext } from '../context.ts';
import { confirmObjects, forEachObject, type ObjectWords } from '../object/for-each.ts';

const WORDS: ObjectWords = {
  doing: (name) => t('Deleting {0}', name),
  doingMany: (count) => t('Deleting {0} volumes', count),
  failed: (name) => t('Could not delete {0}.', name),
  failedMany: (failed, count) => t('Could not delete {0} of {1} volumes.', failed, count),
};

export async function deleteVolumes(
  context: CommandContext,
  targets: readonly ObjectTarget[],
): Promise<void> {
  const sure = await confirmObjects(targets, {
    button: t('Delete'),
    one: (name) => t('Delete volume {0}?', name),
    many: (count) => t('Delete {0} volumes?', count),
    consequence: t('All data on it are lost. What a domain or another volume needs is not deleted.'),
  });
  if (sure)
    await forEachObject(context, targets, WORDS, (volume, options) => deleteVolume(volume, {}, options));
}
