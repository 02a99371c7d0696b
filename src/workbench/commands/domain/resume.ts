import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { resumeDomain } from '../../../model/operations/domain/resume.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Resuming {0}', name),
  doingMany: (count) => t('Resuming {0} domains', count),
  failed: (name) => t('Could not resume {0}.', name),
  failedMany: (failed, count) => t('Could not resume {0} of {1} domains.', failed, count),
};

export function resumeDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => resumeDomain(target, {}, options));
}
