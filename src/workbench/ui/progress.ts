import * as vscode from 'vscode';
import { showProgress } from './notices.ts';

/** Shorter work should not flash a notification. */
const PATIENCE_MS = 700;

/**
 * Runs `task`; when it takes a while, shows its title with a Cancel button that aborts the signal, and how far it is,
 * from 0 to 1, once it is told.
 */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, progress: (fraction: number) => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const percentage = new Percentage();
  const running = task(abort.signal, (fraction) => percentage.set(fraction));
  const finished = running.then(
    () => true,
    () => true,
  );
  const waitedLong = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  if (await Promise.race([finished, waitedLong])) return running;
  await showProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      percentage.showIn(progress);
      await finished;
    },
  );
  return running;
}

/** What was told before there was a notification is shown as soon as there is one. */
class Percentage {
  #percent: number | undefined;
  #shown = 0;
  #notification: vscode.Progress<{ message?: string; increment?: number }> | undefined;

  set(fraction: number): void {
    this.#percent = Math.floor(fraction * 100);
    this.#show();
  }

  showIn(notification: vscode.Progress<{ message?: string; increment?: number }>): void {
    this.#notification = notification;
    this.#show();
  }

  #show(): void {
    if (this.#percent === undefined || this.#notification === undefined) return;
    this.#notification.report({ message: `${this.#percent} %`, increment: this.#percent - this.#shown });
    this.#shown = this.#percent;
  }
}
