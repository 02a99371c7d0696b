import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { bootPaused } from '../../../engines/environment/deploy/boot-file.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import { resumeDomain } from '../../../model/operations/domain/resume.ts';
import type { Environments } from '../environments.ts';
import { showProgress } from '../../ui/notices.ts';

/** Boots a file of the explorer: a kernel or ELF directly, a CD-ROM or disk image from its boot sector. */
export async function bootFile(environments: Environments, given: unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return;
  const { presenter } = environments.parts;
  const path = uri.fsPath;
  try {
    const host = await environments.hosts.connect(undefined);
    const domain = await showProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: t('Booting {0} on {1}', basename(path), host.name),
        cancellable: true,
      },
      (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return bootPaused(host, path, {
          signal: abort.signal,
          progress: (fraction) => progress.report({ message: t('Copied {0} %', Math.floor(fraction * 100)) }),
        });
      },
    );
    const target = host.target(domain);
    try {
      // Attached before the first instruction, so that nothing of it is missed.
      await environments.parts.openConsole(host.host.id, domain.uuid);
      await resumeDomain(target, {});
    } catch (error) {
      await forceOffDomain(target, {});
      throw error;
    }
  } catch (error) {
    if (!isCancellation(error)) await presenter.failure(t('Could not boot {0}.', basename(path)), error);
  }
}
