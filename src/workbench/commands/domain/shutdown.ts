import * as vscode from 'vscode';
import { conditionOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { shutdownDomain } from '../../../model/operations/domain/shutdown.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';
import { forceOffDomains } from './force-off.ts';

/** A guest that has not gone by then probably does not listen to the power button. */
const PATIENCE_MS = 60_000;
const FORCE_OFF = 'Force Off…';

export const SHUTDOWN_WORDS: VerbWords = {
  doing: (name) => `Shutting down ${name}`,
  doingMany: (count) => `Shutting down ${count} domains`,
  failed: (name) => `Could not shut down ${name}`,
  failedMany: (failed, count) => `Could not shut down ${failed} of ${count} domains`,
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
      ? `${names} did not shut down within a minute: the guest may not listen to the power button.`
      : `${names} did not shut down within a minute: the guests may not listen to the power button.`;
  const choice = await vscode.window.showWarningMessage(text, FORCE_OFF);
  const still = targets.filter(({ record }) => record !== undefined && conditionOf(record) !== 'shut-off');
  if (choice === FORCE_OFF && still.length > 0) await forceOffDomains(context, still);
}
