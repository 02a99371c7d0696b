import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { suspendDomain } from '../../../model/operations/domain/suspend.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Suspending {0}', name),
  doingMany: (count) => t('Suspending {0} domains', count),
  failed: (name) => t('Could not suspend {0}.', name),
  failedMany: (failed, count) => t('Could not suspend {0} of {1} domains.', failed, count),
};

export function suspendDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => suspendDomain(target, {}, options));
}
