import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { addHost } from './add.ts';
import { removeHost } from './remove.ts';

type HostCommand = (context: CommandContext, host: Host) => void | PromiseLike<void>;

/** Every verb that takes one host. */
const COMMANDS: Record<string, { readonly run: HostCommand; readonly question: string }> = {
  'kvm.host.connect': { run: connectHost, question: 'Connect to which host?' },
  'kvm.host.disconnect': { run: (_, host) => host.disconnect(), question: 'Disconnect from which host?' },
  'kvm.host.remove': { run: removeHost, question: 'Remove which host?' },
  'kvm.host.copyUri': {
    run: (_, { definition }) => vscode.env.clipboard.writeText(definition.uri),
    question: 'Copy the URI of which host?',
  },
};

export function registerHostCommands(context: CommandContext): readonly vscode.Disposable[] {
  const ofOneHost = Object.entries(COMMANDS).map(([id, { run, question }]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      const host = await pickHost(context, question, argument);
      if (host !== undefined) await run(context, host);
    }),
  );
  return [vscode.commands.registerCommand('kvm.host.add', () => addHost(context)), ...ofOneHost];
}

async function connectHost({ presenter }: CommandContext, host: Host): Promise<void> {
  try {
    await withProgress(`Connecting to ${quoted(host.name)}`, async (signal) => {
      signal.addEventListener('abort', () => host.disconnect());
      await host.connect();
    });
  } catch (error) {
    await presenter.failure(`Could not connect to ${quoted(host.name)}`, error);
  }
}
