import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { resetDomain } from '../../../model/operations/domain/reset.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: 'Reset',
  question: (name) => `Reset ${name}?`,
  questionMany: (count) => `Reset ${count} domains?`,
  consequence: 'The guest restarts at once and has no chance to write anything to its disks.',
  consequenceMany: 'The guests restart at once and have no chance to write anything to their disks.',
};

const WORDS: VerbWords = {
  doing: (name) => `Resetting ${name}`,
  doingMany: (count) => `Resetting ${count} domains`,
  failed: (name) => `Could not reset ${name}`,
  failedMany: (failed, count) => `Could not reset ${failed} of ${count} domains`,
};

export async function resetDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  if (!(await confirm(targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => resetDomain(target, {}, options));
}
