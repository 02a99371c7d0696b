import * as vscode from 'vscode';
import type { Jobs } from '../../model/jobs/jobs.ts';
import type { Lazy } from './lazy.ts';
import { showProgress } from './notices.ts';
import { sizeText } from './sizes.ts';

/** Does some work as a job: in the list of jobs, and in a notification that can cancel it. */
export async function asJob<T>(
  list: Lazy<Jobs>,
  host: string,
  title: string,
  work: (signal: AbortSignal, onBytes: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const jobs = await list.get();
  return showProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (notification, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      return jobs.run(
        { host, title },
        (signal, progress) =>
          work(signal, (done, total) => {
            progress({ done, total, unit: 'bytes' });
            const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
            if (percent <= shown) return;
            notification.report({
              increment: percent - shown,
              message: `${sizeText(done)} / ${sizeText(total)}`,
            });
            shown = percent;
          }),
        abort.signal,
      );
    },
  );
}
