import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { type WipeChoices, wipeVolume } from '../../../model/operations/volume/wipe.ts';
import { choose } from '../../ui/choose.ts';
import type { CommandContext } from '../context.ts';
import { confirmObjects, forEachObject, type ObjectWords } from '../object/for-each.ts';

const WORDS: ObjectWords = {
  doing: (name) => t('Wiping {0}', name),
  doingMany: (count) => t('Wiping {0} volumes', count),
  failed: (name) => t('Could not wipe {0}.', name),
  failedMany: (failed, count) => t('Could not wipe {0} of {1} volumes.', failed, count),
};

export async function wipeVolumes(context: CommandContext, targets: readonly ObjectTarget[]): Promise<void> {
  const algorithm = await pickAlgorithm();
  if (algorithm === undefined) return;
  const sure = await confirmObjects(targets, {
    button: t('Wipe'),
    one: (name) => t('Wipe {0}?', name),
    many: (count) => t('Wipe {0} volumes?', count),
    consequence: t('All data are overwritten and cannot be got back. The volumes themselves stay.'),
  });
  if (sure)
    await forEachObject(context, targets, WORDS, (volume, options) =>
      wipeVolume(volume, { algorithm }, options),
    );
}

/** Zeros are enough for all that is not about to leave the house. */
async function pickAlgorithm(): Promise<WipeChoices['algorithm'] | undefined> {
  const items: readonly { label: string; description: string; algorithm: WipeChoices['algorithm'] }[] = [
    { label: t('Zeros'), description: t('one pass'), algorithm: 'zero' },
    { label: t('Random'), description: t('one pass'), algorithm: 'random' },
    { label: t('Discard'), description: t('tells the device to forget the blocks'), algorithm: 'trim' },
    { label: t('NNSA'), description: t('four passes'), algorithm: 'nnsa' },
    { label: t('DoD 5220.22-M'), description: t('four passes'), algorithm: 'dod' },
    { label: t('BSI'), description: t('nine passes'), algorithm: 'bsi' },
    { label: t('Gutmann'), description: t('35 passes'), algorithm: 'gutmann' },
    { label: t('Schneier'), description: t('seven passes'), algorithm: 'schneier' },
    { label: t('Pfitzner'), description: t('seven passes'), algorithm: 'pfitzner7' },
    { label: t('Pfitzner'), description: t('33 passes'), algorithm: 'pfitzner33' },
  ];
  return (await choose(items, { title: t('Overwrite with what?') }))?.algorithm;
}
