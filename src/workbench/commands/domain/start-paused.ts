import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { startDomain } from '../../../model/operations/domain/start.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Starting ${name}`,
  doingMany: (count) => `Starting ${count} domains`,
  failed: (name) => `Could not start ${name}`,
  failedMany: (failed, count) => `Could not start ${failed} of ${count} domains`,
};

/** Stops before the guest's first instruction: Resume lets it go on. */
export function startPaused(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) =>
    startDomain(target, { paused: true }, options),
  );
}
