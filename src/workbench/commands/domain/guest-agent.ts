import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import {
  freezeFileSystems,
  thawFileSystems,
  trimFileSystems,
} from '../../../model/operations/domain/file-systems.ts';
import { type GuestOutput, runCommand } from '../../../model/operations/domain/run-command.ts';
import { setClock } from '../../../model/operations/domain/set-clock.ts';
import { setPassword } from '../../../model/operations/domain/set-password.ts';
import { shutdownDomain } from '../../../model/operations/domain/shutdown.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';
import { SHUTDOWN_WORDS } from './shutdown.ts';

type Action = (target: DomainTarget, options: OperationOptions) => Promise<unknown>;

interface AgentVerb extends vscode.QuickPickItem {
  readonly words: VerbWords;
  /** Asks what there is to ask; undefined when the person would rather not. */
  readonly prepare: (target: DomainTarget) => Promise<Action | undefined>;
}

const VERBS: readonly AgentVerb[] = [
  {
    label: 'Run a Command…',
    detail: 'In the guest’s shell, as its agent’s user; its output is shown',
    words: {
      doing: (name) => `Running a command in ${name}`,
      doingMany: (count) => `Running a command in ${count} domains`,
      failed: (name) => `Could not run a command in ${name}`,
      failedMany: (failed, count) => `Could not run a command in ${failed} of ${count} domains`,
    },
    prepare: askCommand,
  },
  {
    label: 'Set a User’s Password…',
    words: {
      doing: (name) => `Setting a password in ${name}`,
      doingMany: (count) => `Setting a password in ${count} domains`,
      failed: (name) => `Could not set a password in ${name}`,
      failedMany: (failed, count) => `Could not set a password in ${failed} of ${count} domains`,
    },
    prepare: askPassword,
  },
  {
    label: 'Set the Clock',
    detail: 'To the time of this machine',
    words: {
      doing: (name) => `Setting the clock of ${name}`,
      doingMany: (count) => `Setting the clocks of ${count} domains`,
      failed: (name) => `Could not set the clock of ${name}`,
      failedMany: (failed, count) => `Could not set the clocks of ${failed} of ${count} domains`,
    },
    prepare: async () => (target, options) => setClock(target, { to: new Date() }, options),
  },
  {
    label: 'Freeze File Systems',
    detail: 'Nothing in the guest can write until they are thawed',
    words: {
      doing: (name) => `Freezing the file systems of ${name}`,
      doingMany: (count) => `Freezing the file systems of ${count} domains`,
      failed: (name) => `Could not freeze the file systems of ${name}`,
      failedMany: (failed, count) => `Could not freeze the file systems of ${failed} of ${count} domains`,
    },
    prepare: async () => (target, options) => freezeFileSystems(target, {}, options),
  },
  {
    label: 'Thaw File Systems',
    words: {
      doing: (name) => `Thawing the file systems of ${name}`,
      doingMany: (count) => `Thawing the file systems of ${count} domains`,
      failed: (name) => `Could not thaw the file systems of ${name}`,
      failedMany: (failed, count) => `Could not thaw the file systems of ${failed} of ${count} domains`,
    },
    prepare: async () => (target, options) => thawFileSystems(target, {}, options),
  },
  {
    label: 'Trim File Systems',
    detail: 'Gives free space back to the host',
    words: {
      doing: (name) => `Trimming the file systems of ${name}`,
      doingMany: (count) => `Trimming the file systems of ${count} domains`,
      failed: (name) => `Could not trim the file systems of ${name}`,
      failedMany: (failed, count) => `Could not trim the file systems of ${failed} of ${count} domains`,
    },
    prepare: async () => (target, options) => trimFileSystems(target, {}, options),
  },
  {
    label: 'Shut Down',
    detail: 'Asks the agent instead of pressing the power button',
    words: SHUTDOWN_WORDS,
    prepare: async () => (target, options) =>
      shutdownDomain(target, { ask: 'agent', patienceMs: 0 }, options),
  },
];

/** What only the QEMU guest agent in a guest can do. */
export async function guestAgent(context: CommandContext, [target]: readonly DomainTarget[]): Promise<void> {
  if (target === undefined) return;
  const verb = await vscode.window.showQuickPick(VERBS, { placeHolder: `Guest Agent of ${nameOf(target)}` });
  const action = await verb?.prepare(target);
  if (verb === undefined || action === undefined) return;
  await forEachDomain(context, [target], verb.words, action);
}

async function askCommand(asked: DomainTarget): Promise<Action | undefined> {
  const line = await vscode.window.showInputBox({
    title: `Run a Command in ${nameOf(asked)}`,
    ignoreFocusOut: true,
  });
  if (line === undefined || line.trim() === '') return undefined;
  return async (target, options) => show(line, await runCommand(target, { line }, options));
}

async function askPassword(asked: DomainTarget): Promise<Action | undefined> {
  const title = `Set a Password in ${nameOf(asked)}`;
  const user = await vscode.window.showInputBox({
    title,
    prompt: 'User',
    value: 'root',
    ignoreFocusOut: true,
  });
  if (user === undefined || user === '') return undefined;
  const password = await vscode.window.showInputBox({
    title,
    prompt: 'New password',
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined || password === '') return undefined;
  return (target, options) => setPassword(target, { user, password }, options);
}

async function show(line: string, { exitCode, output, errors, truncated }: GuestOutput): Promise<void> {
  const parts = [
    `$ ${line}`,
    output.trimEnd(),
    ...(errors === '' ? [] : [`--- errors ---\n${errors.trimEnd()}`]),
    ...(truncated ? ['--- the agent kept no more ---'] : []),
    exitCode === undefined ? '--- ended by a signal ---' : `--- exit code ${exitCode} ---`,
  ];
  const document = await vscode.workspace.openTextDocument({ content: `${parts.join('\n')}\n` });
  await vscode.window.showTextDocument(document, { preview: true });
}
