import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { bootPaused } from '../../../engines/environment/deploy/boot-file.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import { resumeDomain } from '../../../model/operations/domain/resume.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { EnvironmentHost } from '../../../engines/environment/deploy/environment-host.ts';
import { showProgress } from '../../ui/notices.ts';
import type { Environments } from '../environments.ts';
import { askHost } from './ask-host.ts';
import { chooseFile } from './create.ts';

/** Boots a file: a kernel or ELF directly, a CD-ROM or disk image from its boot sector. The palette asks for it. */
export async function bootFile(environments: Environments, given: unknown): Promise<void> {
  const path =
    given instanceof vscode.Uri
      ? given.fsPath
      : await chooseFile(t('Boot in KVM: Which Kernel or Image?'), t('Kernels and images'), ['*']);
  if (path === undefined) return;
  const name = basename(path);
  try {
    const place = await askHost(environments, t('Boot {0} on Which Host?', name));
    if (place !== undefined) await boot(environments, await environments.hosts.connect(place.id), path);
  } catch (error) {
    if (!isCancellation(error))
      await environments.parts.presenter.failure(t('Could not boot {0}.', name), error);
  }
}

async function boot(environments: Environments, host: EnvironmentHost, path: string): Promise<void> {
  const target = host.target(await bootShown(host, path));
  try {
    // Attached before the first instruction, so that nothing of it is missed.
    await environments.parts.openConsole(target);
    await resumeDomain(target, {});
  } catch (error) {
    await forceOffDomain(target, {});
    throw error;
  }
}

function bootShown(host: EnvironmentHost, path: string): Thenable<DomainRef> {
  return showProgress(
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
}
