import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { startDomain } from '../../../model/operations/domain/start.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Starting {0}', name),
  doingMany: (count) => t('Starting {0} domains', count),
  failed: (name) => t('Could not start {0}.', name),
  failedMany: (failed, count) => t('Could not start {0} of {1} domains.', failed, count),
};

/** Stops before the guest's first instruction: Resume lets it go on. */
export function startPaused(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) =>
    startDomain(target, { paused: true }, options),
  );
}
