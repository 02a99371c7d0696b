import { t } from '@vscode/l10n';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { shutdownDomain } from '../../../model/operations/domain/shutdown.ts';
import { titleOf } from '../../ui/commands.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';
import { forceOffDomains } from './force-off.ts';
import { warn } from '../../ui/notices.ts';

/** A guest that has not gone by then probably does not listen to the power button. */
const PATIENCE_MS = 60_000;

export const SHUTDOWN_WORDS: VerbWords = {
  doing: (name) => t('Shutting down {0}', name),
  doingMany: (count) => t('Shutting down {0} domains', count),
  failed: (name) => t('Could not shut down {0}.', name),
  failedMany: (failed, count) => t('Could not shut down {0} of {1} domains.', failed, count),
};

/** Presses the power button and waits until the guest has gone. */
export async function shutdownDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const deaf: DomainTarget[] = [];
  await forEachDomain(context, targets, SHUTDOWN_WORDS, async (target, options) => {
    const choices = { ask: 'button', patienceMs: PATIENCE_MS } as const;
    if (!(await shutdownDomain(target, choices, options))) deaf.push(target);
  });
  if (deaf.length > 0) await offerForceOff(context, deaf);
}

async function offerForceOff(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const names = targets.map(nameOf).join(', ');
  const text =
    targets.length === 1
      ? t('{0} did not shut down within a minute: the guest may not listen to the power button.', names)
      : t('{0} did not shut down within a minute: the guests may not listen to the power button.', names);
  const forceOff = titleOf('kvm.domain.forceOff');
  const choice = await warn(text, forceOff);
  const still = targets.filter(({ record }) => record !== undefined && isActive(record.state));
  if (choice === forceOff && still.length > 0) await forceOffDomains(context, still);
}
