import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { managedSave } from '../../../model/operations/domain/managed-save.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Saving {0}', name),
  doingMany: (count) => t('Saving {0} domains', count),
  failed: (name) => t('Could not save {0}.', name),
  failedMany: (failed, count) => t('Could not save {0} of {1} domains.', failed, count),
};

/** Writes the memory to disk and stops; the next start goes on from there. */
export function managedSaveDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => managedSave(target, {}, options));
}
