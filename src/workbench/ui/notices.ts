import * as vscode from 'vscode';
import { withoutIcons } from './names.ts';
import { plainOptions, plainSentence, plainStep, type ProgressStep } from './plain.ts';

/**
 * Everything that comes up in front of a person goes through here; the linter allows no other way. Sentences hold what
 * daemons, guests and files say: it stays text, and becomes no link, command or icon.
 */

const BRIEFLY_MS = 5_000;

/** Options, where there are any, and buttons. */
type Rest = readonly string[] | readonly [vscode.MessageOptions, ...string[]];

type Show = (
  text: string,
  options: vscode.MessageOptions,
  ...buttons: readonly string[]
) => Thenable<string | undefined>;

/** Returns the button that was pressed, as the others do. */
export function inform(text: string, ...rest: Rest): Promise<string | undefined> {
  return show((...args) => vscode.window.showInformationMessage(...args), text, rest);
}

export function warn(text: string, ...rest: Rest): Promise<string | undefined> {
  return show((...args) => vscode.window.showWarningMessage(...args), text, rest);
}

/** For {@link Presenter}, who knows how a failure is told. */
export function complain(text: string, ...rest: Rest): Promise<string | undefined> {
  return show((...args) => vscode.window.showErrorMessage(...args), text, rest);
}

/** In the status bar, for a moment: something is done. */
export function tellBriefly(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${withoutIcons(text)}`, BRIEFLY_MS);
}

/** A notification, or another place, that is there while something goes on. */
export function showProgress<T>(
  options: vscode.ProgressOptions & { readonly title: string },
  task: (progress: vscode.Progress<ProgressStep>, token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  return vscode.window.withProgress({ ...options, title: plainSentence(options.title) }, (progress, token) =>
    task({ report: (step) => progress.report(plainStep(step)) }, token),
  );
}

async function show(how: Show, text: string, rest: Rest): Promise<string | undefined> {
  const [first, ...others] = rest;
  const options = typeof first === 'object' ? first : {};
  const buttons = typeof first === 'string' ? [first, ...others] : others;
  return how(plainSentence(text), plainOptions(options), ...(buttons as readonly string[]));
}
