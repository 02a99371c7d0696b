import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { discardManagedSave } from '../../../model/operations/domain/discard-managed-save.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';
import { confirm, type ConfirmWords } from './confirm.ts';

const QUESTION: ConfirmWords = {
  button: 'Discard Saved State',
  question: (name) => `Discard the saved state of ${name}?`,
  questionMany: (count) => `Discard the saved states of ${count} domains?`,
  consequence: 'The memory that was saved is deleted: the next start is a fresh boot.',
  consequenceMany: 'The memory that was saved is deleted: their next start is a fresh boot.',
};

const WORDS: VerbWords = {
  doing: (name) => `Discarding the saved state of ${name}`,
  doingMany: (count) => `Discarding the saved state of ${count} domains`,
  failed: (name) => `Could not discard the saved state of ${name}`,
  failedMany: (failed, count) => `Could not discard the saved state of ${failed} of ${count} domains`,
};

export async function discardManagedSaves(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  if (!(await confirm(targets, QUESTION))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => discardManagedSave(target, {}, options));
}
