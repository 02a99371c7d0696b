import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { setAutostart } from '../../../model/operations/domain/autostart.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Disabling autostart of {0}', name),
  doingMany: (count) => t('Disabling autostart of {0} domains', count),
  failed: (name) => t('Could not disable autostart of {0}.', name),
  failedMany: (failed, count) => t('Could not disable autostart of {0} of {1} domains.', failed, count),
};

export function disableAutostart(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, WORDS, (target, options) =>
    setAutostart(target, { enabled: false }, options),
  );
}
