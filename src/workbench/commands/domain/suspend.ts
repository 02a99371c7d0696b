import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { suspendDomain } from '../../../model/operations/domain/suspend.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Suspending ${name}`,
  doingMany: (count) => `Suspending ${count} domains`,
  failed: (name) => `Could not suspend ${name}`,
  failedMany: (failed, count) => `Could not suspend ${failed} of ${count} domains`,
};

export function suspendDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => suspendDomain(target, {}, options));
}
