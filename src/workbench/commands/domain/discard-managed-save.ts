import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { discardManagedSave } from '../../../model/operations/domain/discard-managed-save.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: () => t('Discard Saved State'),
  question: (name) => t('Discard the saved state of {0}?', name),
  questionMany: (count) => t('Discard the saved states of {0} domains?', count),
  consequence: () => t('The memory that was saved is deleted: the next start is a fresh boot.'),
  consequenceMany: () => t('The memory that was saved is deleted: their next start is a fresh boot.'),
};

const WORDS: VerbWords = {
  doing: (name) => t('Discarding the saved state of {0}', name),
  doingMany: (count) => t('Discarding the saved state of {0} domains', count),
  failed: (name) => t('Could not discard the saved state of {0}.', name),
  failedMany: (failed, count) => t('Could not discard the saved state of {0} of {1} domains.', failed, count),
};

export async function discardManagedSaves(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  if (!(await confirm(context, targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => discardManagedSave(target, {}, options));
}
