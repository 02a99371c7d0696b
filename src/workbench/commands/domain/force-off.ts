import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: 'Force Off',
  question: (name) => `Force off ${name}?`,
  questionMany: (count) => `Force off ${count} domains?`,
  consequence: 'The guest has no chance to write anything to its disks, as if its power plug were pulled.',
  consequenceMany:
    'The guests have no chance to write anything to their disks, as if their power plugs were pulled.',
};

const WORDS: VerbWords = {
  doing: (name) => `Forcing off ${name}`,
  doingMany: (count) => `Forcing off ${count} domains`,
  failed: (name) => `Could not force off ${name}`,
  failedMany: (failed, count) => `Could not force off ${failed} of ${count} domains`,
};

export async function forceOffDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  if (!(await confirm(targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => forceOffDomain(target, {}, options));
}
