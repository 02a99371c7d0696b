import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { readUri } from '../../../client/transport/client-config.ts';
import { asSentence, explain } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import { configuredHosts, saveHosts } from '../../ui/settings.ts';
import type { CommandContext } from '../context.ts';

const EXAMPLE = 'qemu+ssh://user@host/system';
const title = () => t('Add a libvirt Host');

/** Asks for a URI, tries it, and keeps it in the user's settings. What was typed survives a failed try. */
export async function addHost(context: CommandContext): Promise<void> {
  let typed = '';
  for (;;) {
    const uri = await askUri(context, typed);
    if (uri === undefined) return;
    typed = uri;
    const hostname = await tryUri(context, uri);
    if (hostname === 'edit') continue;
    if (hostname === undefined) return;
    await keep(uri, hostname);
    return;
  }
}

async function askUri({ inventory }: CommandContext, value: string): Promise<string | undefined> {
  const answer = await vscode.window.showInputBox({
    title: title(),
    prompt: t('Connection URI, for example {0}', EXAMPLE),
    placeHolder: EXAMPLE,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text.trim() === '') return undefined;
      if (inventory.host(text.trim()) !== undefined) return t('This host is in the list already.');
      return problemWith(text);
    },
  });
  return answer === undefined || answer.trim() === '' ? undefined : answer.trim();
}

/** An alias of libvirt.conf is as good as a URI. */
async function problemWith(text: string): Promise<string | undefined> {
  try {
    await readUri(text);
    return undefined;
  } catch (error) {
    const { reason, hint } = explain(error);
    return [asSentence(reason), ...(hint === undefined ? [] : [hint])].join(' ');
  }
}

/** The name to propose; `edit` to ask again; undefined to give up. */
async function tryUri({ presenter, connector }: CommandContext, uri: string): Promise<string | undefined> {
  try {
    return await withProgress(t('Connecting to {0}', quoted(uri)), async (signal) => {
      const connection = await connector(uri, signal, false);
      try {
        return await connection.hostname({ signal });
      } finally {
        connection.close();
      }
    });
  } catch (error) {
    const [edit, addAnyway] = [t('Edit URI'), t('Add Anyway')];
    const choice = await presenter.failure(
      t('Could not connect to {0}.', quoted(uri)),
      error,
      edit,
      addAnyway,
    );
    if (choice === edit) return 'edit';
    return choice === addAnyway ? ((await readUri(uri)).host ?? uri) : undefined;
  }
}

async function keep(uri: string, proposedName: string): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: title(),
    prompt: t('Name to show in the Hosts view'),
    value: proposedName,
    ignoreFocusOut: true,
  });
  if (name === undefined) return;
  await saveHosts([...configuredHosts(), { name: name.trim() === '' ? proposedName : name.trim(), uri }]);
}
