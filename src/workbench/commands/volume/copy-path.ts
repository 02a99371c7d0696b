import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { volumeDetails } from '../../../model/operations/volume/details.ts';
import { copyText } from '../../ui/clipboard.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';

/** Copies the paths on the host, one a line. */
export async function copyVolumePaths(
  context: CommandContext,
  targets: readonly ObjectTarget[],
): Promise<void> {
  try {
    const paths = await Promise.all(targets.map(async (volume) => (await volumeDetails(volume, {})).path));
    await copyText(paths.join('\n'));
  } catch (error) {
    const [first] = targets;
    if (first === undefined) return;
    await context.presenter.failure(t('Could not read the path of {0}.', objectName(first)), error);
  }
}
