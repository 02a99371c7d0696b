import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import {
  copyFromGuest,
  type CopyOptions,
  copyToGuest as sendToGuest,
  findInGuest,
  guestPath,
  nameOf,
  namesInGuest,
} from '../../../engines/environment/access/copy.ts';
import { listed } from '../../../engines/environment/lists.ts';
import type { Environments } from '../environments.ts';
import { logIn } from './ssh.ts';
import { showProgress, tellBriefly, warn } from '../../ui/notices.ts';

/** Copies files and folders of this machine into a guest: those of the explorer, or some that are asked for. */
export async function copyToGuest(
  environments: Environments,
  given: unknown,
  selected: unknown,
): Promise<void> {
  const sources = await localSources(given, selected);
  if (sources.length === 0) return;
  const found = await logIn(
    environments,
    given instanceof vscode.Uri ? undefined : given,
    t('Copy to Which Guest?'),
  );
  if (found === undefined) return;
  const { guest } = found;
  const names = sources.map((path) => basename(path));
  const what = listed(names.map(displayName));
  const answer = await vscode.window.showInputBox({
    title: t('Copy {0} to {1}', what, displayName(guest.name)),
    prompt: t('The folder in the guest. It is created if it is missing.'),
    value: '~/',
    validateInput: problemOf,
  });
  if (answer === undefined) return;
  const { presenter } = environments.parts;
  try {
    const folder = guestPath(answer);
    const taken = await namesInGuest(found, folder, names, AbortSignal.timeout(60_000));
    if (taken.length > 0 && !(await mayOverwrite(taken, `${guest.name}:${answer}`))) return;
    await withCopyProgress(t('Copy {0} to {1}', what, displayName(guest.name)), (options) =>
      sendToGuest(found, sources, folder, options),
    );
    tellBriefly(t('Copied {0} to {1}', what, `${displayName(guest.name)}:${answer}`));
  } catch (error) {
    if (!isCancellation(error))
      await presenter.failure(t('Could not copy {0} to “{1}”.', what, guest.name), error);
  }
}

/** Copies a file or folder of a guest to this machine: into that folder of the explorer, or one that is asked for. */
export async function copyOutOfGuest(environments: Environments, given: unknown): Promise<void> {
  const found = await logIn(
    environments,
    given instanceof vscode.Uri ? undefined : given,
    t('Copy from Which Guest?'),
  );
  if (found === undefined) return;
  const { guest } = found;
  const answer = await vscode.window.showInputBox({
    title: t('Copy from {0}', displayName(guest.name)),
    prompt: t('A file or folder in the guest.'),
    value: '~/',
    validateInput: problemOf,
  });
  if (answer === undefined) return;
  const { presenter } = environments.parts;
  try {
    const path = guestPath(answer);
    const name = nameOf(path);
    const file = await findInGuest(found, path, AbortSignal.timeout(60_000));
    const folder = given instanceof vscode.Uri ? given.fsPath : await chooseFolder(name);
    if (folder === undefined) return;
    if ((await exists(join(folder, name))) && !(await mayOverwrite([name], folder))) return;
    const leftOut = await withCopyProgress(
      t('Copy {0} from {1}', displayName(name), displayName(guest.name)),
      (options) => copyFromGuest(found, file, folder, options),
    );
    if (leftOut.length > 0) void warn(leftOutText(displayName(name), leftOut));
    tellBriefly(t('Copied {0} to {1}', displayName(name), folder));
  } catch (error) {
    if (!isCancellation(error))
      await presenter.failure(t('Could not copy {0} from “{1}”.', answer, guest.name), error);
  }
}

async function localSources(given: unknown, selected: unknown): Promise<readonly string[]> {
  const uris = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [given];
  const files = uris.flatMap((uri) =>
    uri instanceof vscode.Uri && uri.scheme === 'file' ? [uri.fsPath] : [],
  );
  if (files.length > 0) return files;
  const chosen = await vscode.window.showOpenDialog({
    title: t('Copy What to the Guest?'),
    openLabel: t('Copy'),
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}

async function chooseFolder(name: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('Copy {0} to Which Folder?', displayName(name)),
    openLabel: t('Copy Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}

function leftOutText(name: string, leftOut: readonly string[]): string {
  const some = displayName(leftOut.slice(0, 5).join(', '));
  return leftOut.length === 1
    ? t('{0} in “{1}” was left out: it is a device or leads elsewhere.', some, name)
    : t(
        '{0} files in “{1}” were left out, since they are devices or lead elsewhere: {2}.',
        leftOut.length,
        name,
        some,
      );
}

async function mayOverwrite(names: readonly string[], place: string): Promise<boolean> {
  const question = t('Overwrite {0} in {1}?', listed(names.map((name) => `“${displayName(name)}”`)), place);
  const detail = t('Files of the same name are replaced, inside folders of the same name too.');
  const overwrite = t('Overwrite');
  return (await warn(question, { modal: true, detail }, overwrite)) === overwrite;
}

function problemOf(text: string): string | undefined {
  try {
    guestPath(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function withCopyProgress<T>(title: string, work: (options: CopyOptions) => Promise<T>): Thenable<T> {
  return showProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      let done = 0;
      let told = 0;
      const onProgress = (bytes: number, total: number) => {
        const now = Date.now();
        if (now - told < 200) return;
        told = now;
        const share = total === 0 ? 0 : (bytes / total) * 100;
        progress.report({ increment: share - done, message: t('{0} of {1} MiB', mib(bytes), mib(total)) });
        done = share;
      };
      return work({ signal: abort.signal, onProgress });
    },
  );
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
