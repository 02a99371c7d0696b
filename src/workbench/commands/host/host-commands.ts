import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import type { CommandsOf } from '../../manifest/commands.ts';
import { copyText } from '../../ui/clipboard.ts';
import { entriesOf, register } from '../../ui/commands.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { removeHost } from './remove.ts';

type HostCommand = (context: CommandContext, host: Host) => void | PromiseLike<void>;

interface HostVerb {
  readonly run: HostCommand;
  readonly question: () => string;
}

/** Every verb that takes one host. */
const COMMANDS: Readonly<Record<Exclude<CommandsOf<'kvm.host'>, 'kvm.host.add'>, HostVerb>> = {
  'kvm.host.connect': { run: connectHost, question: () => t('Connect to which host?') },
  'kvm.host.disconnect': {
    run: (_, host) => host.disconnect(),
    question: () => t('Disconnect from which host?'),
  },
  'kvm.host.remove': { run: removeHost, question: () => t('Remove which host?') },
  'kvm.host.copyUri': {
    run: (_, { definition }) => copyText(definition.uri),
    question: () => t('Copy the URI of which host?'),
  },
};

export function registerHostCommands(context: CommandContext): readonly vscode.Disposable[] {
  const ofOneHost = entriesOf(COMMANDS).map(([id, { run, question }]) =>
    register(id, async (argument: unknown) => {
      const host = await pickHost(context, question(), argument);
      if (host !== undefined) await run(context, host);
    }),
  );
  return [register('kvm.host.add', async () => (await import('./add.ts')).addHost(context)), ...ofOneHost];
}

async function connectHost({ presenter }: CommandContext, host: Host): Promise<void> {
  try {
    await withProgress(t('Connecting to {0}', quoted(host.name)), async (signal) => {
      signal.addEventListener('abort', () => host.cancel());
      await host.connect();
    });
  } catch (error) {
    await presenter.failure(t('Could not connect to {0}.', quoted(host.name)), error);
  }
}
