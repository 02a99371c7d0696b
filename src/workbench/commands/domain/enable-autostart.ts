import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { setAutostart } from '../../../model/operations/domain/autostart.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Enabling autostart of ${name}`,
  doingMany: (count) => `Enabling autostart of ${count} domains`,
  failed: (name) => `Could not enable autostart of ${name}`,
  failedMany: (failed, count) => `Could not enable autostart of ${failed} of ${count} domains`,
};

export function enableAutostart(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) =>
    setAutostart(target, { enabled: true }, options),
  );
}
