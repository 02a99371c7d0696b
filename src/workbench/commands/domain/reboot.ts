import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { rebootDomain } from '../../../model/operations/domain/reboot.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Rebooting {0}', name),
  doingMany: (count) => t('Rebooting {0} domains', count),
  failed: (name) => t('Could not reboot {0}.', name),
  failedMany: (failed, count) => t('Could not reboot {0} of {1} domains.', failed, count),
};

export function rebootDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) => rebootDomain(target, {}, options));
}
