import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Ask, Question } from '../../client/transport/ask.ts';
import { displayName, quoted } from './names.ts';
import { showProgress, warn } from './notices.ts';

/** Asks a person what a connection needs to know. Secrets go to VS Code's secret storage only when they say so. */
export function askPerson(storage: vscode.SecretStorage): Ask {
  return async (question, signal) => {
    switch (question.kind) {
      case 'notice':
        return notify(question, signal);
      case 'confirm':
        return confirm(question);
      case 'secret':
      case 'text':
        return (await remembered(storage, question)) ?? input(storage, question, signal);
    }
  };
}

/** A remembered answer that did not work is forgotten, so that it cannot fail for ever. */
async function remembered(
  storage: vscode.SecretStorage,
  { key, retry, forget = [] }: Question,
): Promise<string | undefined> {
  for (const wrong of forget) await storage.delete(wrong);
  if (key === undefined) return undefined;
  if (retry !== true) return storage.get(key);
  await storage.delete(key);
  return undefined;
}

async function input(
  storage: vscode.SecretStorage,
  { kind, host, prompt, key, retry }: Question,
  signal: AbortSignal,
): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  const keep = new KeepButton();
  box.title = t('Connect to {0}', quoted(host));
  box.prompt = [
    ...(retry === true ? [t('That was not accepted. Try again.')] : []),
    displayName(prompt.trim()),
  ].join(' ');
  box.password = kind === 'secret';
  box.ignoreFocusOut = true;
  if (key !== undefined) box.buttons = [keep.button];
  box.onDidTriggerButton(() => {
    keep.toggle();
    box.buttons = [keep.button];
  });
  const hide = () => box.hide();
  signal.addEventListener('abort', hide, { once: true });
  const answer = await new Promise<string | undefined>((resolve) => {
    box.onDidAccept(() => {
      resolve(box.value);
      box.hide();
    });
    box.onDidHide(() => resolve(undefined));
    if (signal.aborted) resolve(undefined);
    else box.show();
  });
  signal.removeEventListener('abort', hide);
  box.dispose();
  if (answer !== undefined && key !== undefined && keep.on) await storage.store(key, answer);
  return answer;
}

/** Whether an answer is kept: a choice of each time, off at first. */
class KeepButton {
  on = false;

  get button(): vscode.QuickInputButton {
    return this.on
      ? { iconPath: new vscode.ThemeIcon('lock'), tooltip: t('Will be kept in VS Code’s secret storage') }
      : { iconPath: new vscode.ThemeIcon('unlock'), tooltip: t('Keep in VS Code’s secret storage') };
  }

  toggle(): void {
    this.on = !this.on;
  }
}

/** ssh's own words hold the fingerprint: they are what has to be compared. */
async function confirm({ host, prompt }: Question): Promise<string | undefined> {
  const yes = t('Yes');
  const answer = await warn(t('Connect to {0}?', quoted(host)), { modal: true, detail: prompt.trim() }, yes);
  return answer === yes ? 'yes' : undefined;
}

/** Stays until what it is about has happened. */
async function notify({ host, prompt }: Question, signal: AbortSignal): Promise<undefined> {
  const title = t('{0}: {1}', quoted(host), displayName(prompt.trim()));
  const over = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await showProgress({ location: vscode.ProgressLocation.Notification, title }, () => over);
  return undefined;
}
