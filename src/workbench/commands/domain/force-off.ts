import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: () => t('Force Off'),
  question: (name) => t('Force off {0}?', name),
  questionMany: (count) => t('Force off {0} domains?', count),
  consequence: () =>
    t('The guest has no chance to write anything to its disks, as if its power plug were pulled.'),
  consequenceMany: () =>
    t('The guests have no chance to write anything to their disks, as if their power plugs were pulled.'),
};

const WORDS: VerbWords = {
  doing: (name) => t('Forcing off {0}', name),
  doingMany: (count) => t('Forcing off {0} domains', count),
  failed: (name) => t('Could not force off {0}.', name),
  failedMany: (failed, count) => t('Could not force off {0} of {1} domains.', failed, count),
};

export async function forceOffDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  if (!(await confirm(context, targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => forceOffDomain(target, {}, options));
}
