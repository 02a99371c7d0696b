import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { removePool } from '../../../model/operations/pool/remove.ts';
import { warn } from '../../ui/notices.ts';
import type { CommandContext } from '../context.ts';
import { forEachObject, type ObjectWords } from '../object/for-each.ts';
import { objectName } from '../object/name.ts';

const WORDS: ObjectWords = {
  doing: (name) => t('Removing pool {0}', name),
  doingMany: (count) => t('Removing {0} pools', count),
  failed: (name) => t('Could not remove pool {0}.', name),
  failedMany: (failed, count) => t('Could not remove {0} of {1} pools.', failed, count),
};

/** Asks apart for the definition and for the storage: the second cannot be got back. */
export async function removePools(context: CommandContext, targets: readonly ObjectTarget[]): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  const keep = t('Remove Definition');
  const all = t('Delete Storage Too…');
  const choice = await warn(
    targets.length === 1 ? t('Remove pool {0}?', objectName(first)) : t('Remove {0} pools?', targets.length),
    {
      modal: true,
      detail: [
        ...(targets.length === 1 ? [] : [targets.map(objectName).join('\n')]),
        t('Its volumes and what is on them stay where they are, and guests that run go on.'),
      ].join('\n\n'),
    },
    keep,
    all,
  );
  if (choice === undefined) return;
  const storage = choice === all && (await confirmStorage(targets));
  if (choice === all && !storage) return;
  await forEachObject(context, targets, WORDS, (pool, options) => removePool(pool, { storage }, options));
}

async function confirmStorage(targets: readonly ObjectTarget[]): Promise<boolean> {
  const button = t('Delete Storage');
  const answer = await warn(
    t('Delete the storage of {0}?', targets.map(objectName).join(', ')),
    {
      modal: true,
      detail: t(
        'A volume group or partition table is deleted with all volumes in it. A directory is deleted only when it is empty.',
      ),
    },
    button,
  );
  return answer === button;
}
