import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { type GuestOutput, runInGuest } from '../../../model/inventory/guest-command.ts';
import { AskGuest } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type Verb, type Work } from './batch.ts';

interface AgentVerb extends vscode.QuickPickItem, Verb {
  /** Asks what there is to ask; undefined when the person would rather not. */
  prepare(target: DomainTarget): Promise<((work: Work) => Promise<unknown>) | undefined>;
}

const VERBS: readonly AgentVerb[] = [
  {
    label: 'Run a Command…',
    detail: 'In the guest’s shell, as its agent’s user; its output is shown',
    doing: 'Running a command in',
    infinitive: 'run a command in',
    prepare: async (target) => {
      const line = await vscode.window.showInputBox({
        title: `Run a Command in ${nameOf(target)}`,
        ignoreFocusOut: true,
      });
      if (line === undefined || line.trim() === '') return undefined;
      return async ({ connection, ref, signal }) =>
        show(line, await runInGuest(connection, ref, line, signal));
    },
  },
  {
    label: 'Set a User’s Password…',
    doing: 'Setting a password in',
    infinitive: 'set a password in',
    prepare: async (target) => {
      const title = `Set a Password in ${nameOf(target)}`;
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
      return ({ connection, ref, signal }) =>
        connection.domainGuests.setUserPassword(ref, user, password, {}, { signal });
    },
  },
  {
    label: 'Set the Clock',
    detail: 'To the time of this machine',
    doing: 'Setting the clock of',
    infinitive: 'set the clock of',
    prepare: () =>
      Promise.resolve(({ connection, ref, signal }) => {
        const now = Date.now();
        const time = { seconds: BigInt(Math.floor(now / 1000)), nanoseconds: (now % 1000) * 1_000_000 };
        return connection.domainGuests.setTime(ref, time, { signal });
      }),
  },
  {
    label: 'Freeze File Systems',
    detail: 'Nothing in the guest can write until they are thawed',
    doing: 'Freezing the file systems of',
    infinitive: 'freeze the file systems of',
    prepare: () =>
      Promise.resolve(({ connection, ref, signal }) => connection.domainGuests.freeze(ref, [], { signal })),
  },
  {
    label: 'Thaw File Systems',
    doing: 'Thawing the file systems of',
    infinitive: 'thaw the file systems of',
    prepare: () =>
      Promise.resolve(({ connection, ref, signal }) => connection.domainGuests.thaw(ref, [], { signal })),
  },
  {
    label: 'Trim File Systems',
    detail: 'Gives free space back to the host',
    doing: 'Trimming the file systems of',
    infinitive: 'trim the file systems of',
    prepare: () =>
      Promise.resolve(({ connection, ref, signal }) => connection.domainGuests.trim(ref, {}, { signal })),
  },
  {
    label: 'Shut Down',
    detail: 'Asks the agent instead of pressing the power button',
    doing: 'Shutting down',
    infinitive: 'shut down',
    prepare: () =>
      Promise.resolve(({ connection, ref, signal }) =>
        connection.domains.shutdown(ref, AskGuest.AGENT, { signal }),
      ),
  },
];

/** What only the QEMU guest agent in a guest can do. */
export async function guestAgent(context: CommandContext, [target]: readonly DomainTarget[]): Promise<void> {
  if (target === undefined) return;
  const verb = await vscode.window.showQuickPick(VERBS, { placeHolder: `In ${nameOf(target)}` });
  const action = await verb?.prepare(target);
  if (verb === undefined || action === undefined) return;
  await forEachDomain(context, [target], verb, async (work) => {
    try {
      await action(work);
    } catch (error) {
      throw withoutAgent(error) ?? error;
    }
  });
}

/** libvirt says that there is no agent, but not how to get one. */
function withoutAgent(error: unknown): Error | undefined {
  if (isLibvirtError(error, ErrorCode.AGENT_UNRESPONSIVE))
    return new Error('its guest agent does not answer. Install and start qemu-guest-agent in the guest', {
      cause: error,
    });
  if (isLibvirtError(error, ErrorCode.ARGUMENT_UNSUPPORTED))
    return new Error(
      'it has no channel for a guest agent. Add <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel> to its devices',
      { cause: error },
    );
  return undefined;
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
