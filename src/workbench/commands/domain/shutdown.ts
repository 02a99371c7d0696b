import * as vscode from 'vscode';
import { conditionOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { abortReason } from '../../../client/rpc/error.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type Work } from './batch.ts';
import { forceOffDomains } from './force-off.ts';

/** A guest that has not gone by then probably does not listen to the power button. */
const PATIENCE_MS = 60_000;
const FORCE_OFF = 'Force Off…';

/** Presses the power button and waits until the guest has gone. */
export async function shutdownDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const deaf: DomainTarget[] = [];
  const verb = { doing: 'Shutting down', infinitive: 'shut down' };
  await forEachDomain(context, targets, verb, async (work) => {
    await work.connection.domains.shutdown(work.ref, 0, { signal: work.signal });
    if (!(await hasStopped(work))) deaf.push(work.target);
  });
  if (deaf.length > 0) await offerForceOff(context, deaf);
}

/** Follows the inventory, which follows libvirt's events. Cancelling only ends the waiting. */
function hasStopped({ target, signal }: Work): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const done = (stopped: boolean) => {
      stopListening();
      clearTimeout(timer);
      resolve(stopped);
    };
    const check = () => {
      const { record } = target;
      if (record === undefined || !isActive(record.state)) done(true);
    };
    const stopListening = target.host.onChange(check);
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    signal.addEventListener('abort', () => {
      stopListening();
      clearTimeout(timer);
      reject(abortReason(signal));
    });
    check();
  });
}

async function offerForceOff(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const names = targets.map(nameOf).join(', ');
  const minute = `${names} did not shut down within a minute: the guest may not listen to the power button.`;
  const choice = await vscode.window.showWarningMessage(minute, FORCE_OFF);
  const still = targets.filter(({ record }) => record !== undefined && conditionOf(record) !== 'shut-off');
  if (choice === FORCE_OFF && still.length > 0) await forceOffDomains(context, still);
}
