import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { injectNmi } from '../../../model/operations/domain/inject-nmi.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: 'Inject NMI',
  question: (name) => `Inject an NMI into ${name}?`,
  questionMany: (count) => `Inject an NMI into each of ${count} domains?`,
  consequence:
    'A non-maskable interrupt reaches the guest even when it hangs. Some systems crash on purpose when they get one.',
  consequenceMany:
    'A non-maskable interrupt reaches guests even when they hang. Some systems crash on purpose when they get one.',
};

const WORDS: VerbWords = {
  doing: (name) => `Injecting an NMI into ${name}`,
  doingMany: (count) => `Injecting NMIs into ${count} domains`,
  failed: (name) => `Could not inject an NMI into ${name}`,
  failedMany: (failed, count) => `Could not inject an NMI into ${failed} of ${count} domains`,
};

/** What a hung Linux answers with a dump of its stacks, where it is told to panic (`kernel.unknown_nmi_panic`). */
export async function injectNmis(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  if (!(await confirm(targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => injectNmi(target, {}, options));
}
