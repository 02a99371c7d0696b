import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { resetDomain } from '../../../model/operations/domain/reset.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: () => t('Reset'),
  question: (name) => t('Reset {0}?', name),
  questionMany: (count) => t('Reset {0} domains?', count),
  consequence: () => t('The guest restarts at once and has no chance to write anything to its disks.'),
  consequenceMany: () => t('The guests restart at once and have no chance to write anything to their disks.'),
};

const WORDS: VerbWords = {
  doing: (name) => t('Resetting {0}', name),
  doingMany: (count) => t('Resetting {0} domains', count),
  failed: (name) => t('Could not reset {0}.', name),
  failedMany: (failed, count) => t('Could not reset {0} of {1} domains.', failed, count),
};

export async function resetDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  if (!(await confirm(context, targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => resetDomain(target, {}, options));
}
