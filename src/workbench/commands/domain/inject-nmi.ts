import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { injectNmi } from '../../../model/operations/domain/inject-nmi.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: () => t('Inject NMI'),
  question: (name) => t('Inject an NMI into {0}?', name),
  questionMany: (count) => t('Inject an NMI into each of {0} domains?', count),
  consequence: () =>
    t(
      'A non-maskable interrupt reaches the guest even when it hangs. Some systems crash on purpose when they get one.',
    ),
  consequenceMany: () =>
    t(
      'A non-maskable interrupt reaches guests even when they hang. Some systems crash on purpose when they get one.',
    ),
};

const WORDS: VerbWords = {
  doing: (name) => t('Injecting an NMI into {0}', name),
  doingMany: (count) => t('Injecting NMIs into {0} domains', count),
  failed: (name) => t('Could not inject an NMI into {0}.', name),
  failedMany: (failed, count) => t('Could not inject an NMI into {0} of {1} domains.', failed, count),
};

/** What a hung Linux answers with a dump of its stacks, where it is told to panic (`kernel.unknown_nmi_panic`). */
export async function injectNmis(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  if (!(await confirm(context, targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => injectNmi(target, {}, options));
}
