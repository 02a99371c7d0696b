import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
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

const OVERWRITE = 'Overwrite';
const TOLD_MS = 6000;

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
    'Copy to Which Guest?',
  );
  if (found === undefined) return;
  const { guest } = found;
  const names = sources.map((path) => basename(path));
  const what = listed(names.map(displayName));
  const answer = await vscode.window.showInputBox({
    title: `Copy ${what} to ${displayName(guest.name)}`,
    prompt: 'The folder in the guest; it is made where it is missing.',
    value: '~/',
    validateInput: problemOf,
  });
  if (answer === undefined) return;
  const { presenter } = environments.parts;
  try {
    const folder = guestPath(answer);
    const taken = await namesInGuest(found, folder, names, AbortSignal.timeout(60_000));
    if (taken.length > 0 && !(await mayOverwrite(taken, `${answer} of ${guest.name}`))) return;
    await withCopyProgress(`Copy ${what} to ${displayName(guest.name)}`, (options) =>
      sendToGuest(found, sources, folder, options),
    );
    vscode.window.setStatusBarMessage(`Copied ${what} to ${displayName(guest.name)}:${answer}`, TOLD_MS);
  } catch (error) {
    if (!isCancellation(error)) await presenter.failure(`Could not copy ${what} to “${guest.name}”`, error);
  }
}

/** Copies a file or folder of a guest to this machine: into that folder of the explorer, or one that is asked for. */
export async function copyOutOfGuest(environments: Environments, given: unknown): Promise<void> {
  const found = await logIn(
    environments,
    given instanceof vscode.Uri ? undefined : given,
    'Copy from Which Guest?',
  );
  if (found === undefined) return;
  const { guest } = found;
  const answer = await vscode.window.showInputBox({
    title: `Copy from ${displayName(guest.name)}`,
    prompt: 'A file or folder in the guest.',
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
      `Copy ${displayName(name)} from ${displayName(guest.name)}`,
      (options) => copyFromGuest(found, file, folder, options),
    );
    if (leftOut.length > 0)
      void vscode.window.showWarningMessage(
        `${leftOut.length} of “${displayName(name)}” ${leftOut.length === 1 ? 'was' : 'were'} left out, since they are devices or lead elsewhere: ${displayName(leftOut.slice(0, 5).join(', '))}.`,
      );
    vscode.window.setStatusBarMessage(`Copied ${displayName(name)} to ${folder}`, TOLD_MS);
  } catch (error) {
    if (!isCancellation(error))
      await presenter.failure(`Could not copy ${answer} from “${guest.name}”`, error);
  }
}

async function localSources(given: unknown, selected: unknown): Promise<readonly string[]> {
  const uris = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [given];
  const files = uris.flatMap((uri) =>
    uri instanceof vscode.Uri && uri.scheme === 'file' ? [uri.fsPath] : [],
  );
  if (files.length > 0) return files;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Copy to Guest: What?',
    openLabel: 'Copy',
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}

async function chooseFolder(name: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: `Copy ${displayName(name)} from Guest: Where?`,
    openLabel: 'Copy Here',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}

async function mayOverwrite(names: readonly string[], place: string): Promise<boolean> {
  const [first = '', second] = names;
  const question =
    second === undefined
      ? `There is “${displayName(first)}” in ${place} already.`
      : `There are ${listed(names.map((name) => `“${displayName(name)}”`))} in ${place} already.`;
  const detail = 'Files of the same name are replaced, also in folders of the same name.';
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, OVERWRITE)) === OVERWRITE;
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
  return vscode.window.withProgress(
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
        progress.report({ increment: share - done, message: `${mib(bytes)} of ${mib(total)} MiB` });
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
