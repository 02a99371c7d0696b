import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { managedSave } from '../../../model/operations/domain/managed-save.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Saving ${name}`,
  doingMany: (count) => `Saving ${count} domains`,
  failed: (name) => `Could not save ${name}`,
  failedMany: (failed, count) => `Could not save ${failed} of ${count} domains`,
};

/** Writes the memory to disk and stops; the next start goes on from there. */
export function managedSaveDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => managedSave(target, {}, options));
}
