import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { rebootDomain } from '../../../model/operations/domain/reboot.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Rebooting ${name}`,
  doingMany: (count) => `Rebooting ${count} domains`,
  failed: (name) => `Could not reboot ${name}`,
  failedMany: (failed, count) => `Could not reboot ${failed} of ${count} domains`,
};

export function rebootDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => rebootDomain(target, {}, options));
}
