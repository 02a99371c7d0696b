import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { readUri } from '../../../client/transport/client-config.ts';
import type { Host } from '../../../model/inventory/host.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import { configuredHosts, saveHosts } from '../../ui/settings.ts';
import type { CommandContext } from '../context.ts';
import { askHost } from './ask-host.ts';

/** Asks for a host, tries it, keeps it in the user's settings and connects. What was typed survives a failed try. */
export async function addHost(context: CommandContext): Promise<void> {
  let typed = '';
  for (;;) {
    const asked = await askHost(context.inventory, typed);
    if (asked === undefined) return;
    const { uri, name } = asked;
    typed = uri;
    const tried = await tryUri(context, uri);
    if (tried === 'edit') continue;
    if (tried === undefined) return;
    const { connection, hostname } = tried;
    try {
      if (await keep(uri, name ?? hostname)) await connectTo(context, uri, connection !== undefined);
    } finally {
      // Until now, so that nobody is asked for a password twice: an ssh host is reached over the same connection.
      connection?.close();
    }
    return;
  }
}

interface Tried {
  /** Undefined where there is none, and the host is kept anyway. */
  readonly connection: Connection | undefined;
  readonly hostname: string;
}

/** `edit` to ask again; undefined to give up. */
async function tryUri(
  { presenter, connector }: CommandContext,
  uri: string,
): Promise<Tried | 'edit' | undefined> {
  try {
    return await withProgress(t('Connecting to {0}', quoted(uri)), async (signal) => {
      const connection = await connector(uri, signal, false);
      try {
        return { connection, hostname: await connection.hostname({ signal }) };
      } catch (error) {
        connection.close();
        throw error;
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
    if (choice !== addAnyway) return undefined;
    return { connection: undefined, hostname: (await readUri(uri)).host ?? uri };
  }
}

async function keep(uri: string, proposedName: string): Promise<boolean> {
  const name = await vscode.window.showInputBox({
    title: t('Add a libvirt Host'),
    prompt: t('Name to show in the Hosts view'),
    value: proposedName,
    ignoreFocusOut: true,
  });
  if (name === undefined) return false;
  await saveHosts([...configuredHosts(), { name: name.trim() === '' ? proposedName : name.trim(), uri }]);
  return true;
}

/** It was reached a moment ago: should it be gone by now, the tree says so. */
async function connectTo(
  { inventory, presenter }: CommandContext,
  uri: string,
  isReached: boolean,
): Promise<void> {
  if (!isReached) return;
  try {
    await (await listed(inventory, uri))?.connect();
  } catch (error) {
    presenter.background('Could not connect to a host that was added', error);
  }
}

const LISTED_MS = 10_000;

/** The host, as soon as what the settings say has come to the list. */
async function listed(inventory: Inventory, uri: string): Promise<Host | undefined> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (inventory.host(uri) !== undefined) resolve();
  };
  const stop = inventory.onChange(look);
  const timer = setTimeout(resolve, LISTED_MS);
  look();
  await promise;
  stop();
  clearTimeout(timer);
  return inventory.host(uri);
}
