import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EnvironmentEntry } from '../entry.ts';
import type { Environments } from '../environments.ts';
import { checkTrust } from '../trust.ts';
import { showProgress } from '../../ui/notices.ts';

/**
 * Runs long work on a file's guests, and shows what it waits for, how long it has taken and a Cancel button. One at a
 * time for each file: two would undo each other's work.
 */
export async function runOnEntry<T>(
  environments: Environments,
  entry: EnvironmentEntry,
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  // A file of somebody else's decides what is booted, mounted and run.
  checkTrust(vscode.workspace);
  const abort = new AbortController();
  const signal = outer === undefined ? abort.signal : AbortSignal.any([abort.signal, outer]);
  return entry.alone(async () => {
    try {
      const running = work(signal);
      await tellProgress(entry, title, running, () => abort.abort());
      return await running;
    } finally {
      entry.clearPhases();
      // A host that is silent keeps nobody from what was done on another.
      await Promise.race([environments.look(), delay(LOOK_MS, undefined, { ref: false })]);
    }
  });
}

const LOOK_MS = 5000;
/** Shorter work should not flash a notification. */
const PATIENCE_MS = 700;
const TICK_MS = 1000;

async function tellProgress(
  entry: EnvironmentEntry,
  title: string,
  running: Promise<unknown>,
  cancel: () => void,
): Promise<void> {
  const finished = running.then(
    () => true,
    () => true,
  );
  const waitedLong = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  if (await Promise.race([finished, waitedLong])) return;
  const started = Date.now() - PATIENCE_MS;
  await showProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(cancel);
      const tell = () => progress.report({ message: progressText(entry, Date.now() - started) });
      tell();
      const timer = setInterval(tell, TICK_MS);
      await finished;
      clearInterval(timer);
    },
  );
}

function progressText(entry: EnvironmentEntry, elapsedMs: number): string {
  const phases = entry.guests.flatMap(({ name }) => entry.phaseSentence(name) ?? []);
  return t('{0} ({1} s)', phases.join('; '), Math.round(elapsedMs / 1000));
}
