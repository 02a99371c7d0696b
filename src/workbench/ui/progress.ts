import * as vscode from 'vscode';

/** Shorter work should not flash a notification. */
const PATIENCE_MS = 700;

/** Runs `task`; when it takes a while, shows its title with a Cancel button that aborts the signal. */
export async function withProgress<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const running = task(abort.signal);
  const finished = running.then(
    () => true,
    () => true,
  );
  const waitedLong = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  if (await Promise.race([finished, waitedLong])) return running;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      await finished;
    },
  );
  return running;
}
