import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { resumeDomain } from '../../../model/operations/domain/resume.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Resuming ${name}`,
  doingMany: (count) => `Resuming ${count} domains`,
  failed: (name) => `Could not resume ${name}`,
  failedMany: (failed, count) => `Could not resume ${failed} of ${count} domains`,
};

export function resumeDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => resumeDomain(target, {}, options));
}
