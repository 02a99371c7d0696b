import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { readDomainSummary } from '../../../model/inventory/domain-summary.ts';
import { addAgentChannel } from '../../../model/operations/domain/add-agent-channel.ts';
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
import { choose } from '../../ui/choose.ts';
import { inform } from '../../ui/notices.ts';

/** To find out whether there is a channel, in ms. */
const READ_MS = 5_000;

type Action = (target: DomainTarget, options: OperationOptions) => Promise<unknown>;

interface AgentVerb extends vscode.QuickPickItem {
  readonly words: VerbWords;
  /** Asks what there is to ask; undefined when the person would rather not. */
  readonly prepare: (target: DomainTarget) => Promise<Action | undefined>;
}

const verbs = (): readonly AgentVerb[] => [
  {
    label: t('Run a Command…'),
    detail: t('In the guest’s shell, as its agent’s user; its output is shown'),
    words: {
      doing: (name) => t('Running a command in {0}', name),
      doingMany: (count) => t('Running a command in {0} domains', count),
      failed: (name) => t('Could not run a command in {0}.', name),
      failedMany: (failed, count) => t('Could not run a command in {0} of {1} domains.', failed, count),
    },
    prepare: askCommand,
  },
  {
    label: t('Set a User’s Password…'),
    words: {
      doing: (name) => t('Setting a password in {0}', name),
      doingMany: (count) => t('Setting a password in {0} domains', count),
      failed: (name) => t('Could not set a password in {0}.', name),
      failedMany: (failed, count) => t('Could not set a password in {0} of {1} domains.', failed, count),
    },
    prepare: askPassword,
  },
  {
    label: t('Set the Clock'),
    detail: t('To the time of this machine'),
    words: {
      doing: (name) => t('Setting the clock of {0}', name),
      doingMany: (count) => t('Setting the clocks of {0} domains', count),
      failed: (name) => t('Could not set the clock of {0}.', name),
      failedMany: (failed, count) => t('Could not set the clocks of {0} of {1} domains.', failed, count),
    },
    prepare: async () => (target, options) => setClock(target, { to: new Date() }, options),
  },
  {
    label: t('Freeze File Systems'),
    detail: t('Nothing in the guest can write until they are thawed'),
    words: {
      doing: (name) => t('Freezing the file systems of {0}', name),
      doingMany: (count) => t('Freezing the file systems of {0} domains', count),
      failed: (name) => t('Could not freeze the file systems of {0}.', name),
      failedMany: (failed, count) =>
        t('Could not freeze the file systems of {0} of {1} domains.', failed, count),
    },
    prepare: async () => (target, options) => freezeFileSystems(target, {}, options),
  },
  {
    label: t('Thaw File Systems'),
    words: {
      doing: (name) => t('Thawing the file systems of {0}', name),
      doingMany: (count) => t('Thawing the file systems of {0} domains', count),
      failed: (name) => t('Could not thaw the file systems of {0}.', name),
      failedMany: (failed, count) =>
        t('Could not thaw the file systems of {0} of {1} domains.', failed, count),
    },
    prepare: async () => (target, options) => thawFileSystems(target, {}, options),
  },
  {
    label: t('Trim File Systems'),
    detail: t('Gives free space back to the host'),
    words: {
      doing: (name) => t('Trimming the file systems of {0}', name),
      doingMany: (count) => t('Trimming the file systems of {0} domains', count),
      failed: (name) => t('Could not trim the file systems of {0}.', name),
      failedMany: (failed, count) =>
        t('Could not trim the file systems of {0} of {1} domains.', failed, count),
    },
    prepare: async () => (target, options) => trimFileSystems(target, {}, options),
  },
  {
    label: t('Shut Down'),
    detail: t('Asks the agent instead of pressing the power button'),
    words: SHUTDOWN_WORDS,
    prepare: async () => (target, options) =>
      shutdownDomain(target, { ask: 'agent', patienceMs: 0 }, options),
  },
];

/** What only the QEMU guest agent in a guest can do. */
export async function guestAgent(context: CommandContext, [target]: readonly DomainTarget[]): Promise<void> {
  if (target === undefined || !(await hasChannel(context, target))) return;
  const verb = await choose(verbs(), {
    placeHolder: t('Guest Agent of {0}', nameOf(target)),
  });
  const action = await verb?.prepare(target);
  if (verb === undefined || action === undefined) return;
  await forEachDomain(context, [target], verb.words, action);
}

/** Without a channel no agent can answer: it is offered first. */
async function hasChannel(context: CommandContext, target: DomainTarget): Promise<boolean> {
  const { presenter } = context;
  try {
    if ((await readDomainSummary(target, AbortSignal.timeout(READ_MS))).agent !== 'absent') return true;
  } catch {
    // Whatever is asked of the agent says why not.
    return true;
  }
  const name = nameOf(target);
  const add = t('Add Agent Channel');
  if ((await inform(t('{0} has no channel for a guest agent.', name), add)) !== add) return false;
  try {
    const { atNextStart } = await addAgentChannel(target, {});
    await inform(
      atNextStart
        ? t('{0} has an agent channel from its next start on. Install qemu-guest-agent in the guest.', name)
        : t('{0} has an agent channel. Install and start qemu-guest-agent in the guest.', name),
    );
  } catch (error) {
    await presenter.failure(t('Could not add an agent channel to {0}.', name), error);
  }
  return false;
}

async function askCommand(asked: DomainTarget): Promise<Action | undefined> {
  const line = await vscode.window.showInputBox({
    title: t('Run a Command in {0}', nameOf(asked)),
    ignoreFocusOut: true,
  });
  if (line === undefined || line.trim() === '') return undefined;
  return async (target, options) => show(line, await runCommand(target, { line }, options));
}

async function askPassword(asked: DomainTarget): Promise<Action | undefined> {
  const title = t('Set a Password in {0}', nameOf(asked));
  const user = await vscode.window.showInputBox({
    title,
    prompt: t('User'),
    value: 'root',
    ignoreFocusOut: true,
  });
  if (user === undefined || user === '') return undefined;
  const password = await vscode.window.showInputBox({
    title,
    prompt: t('New password'),
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
    ...(errors === '' ? [] : [t('--- errors ---'), errors.trimEnd()]),
    ...(truncated ? [t('--- the agent kept no more ---')] : []),
    exitCode === undefined ? t('--- ended by a signal ---') : t('--- exit code {0} ---', exitCode),
  ];
  const document = await vscode.workspace.openTextDocument({ content: `${parts.join('\n')}\n` });
  await vscode.window.showTextDocument(document, { preview: true });
}
