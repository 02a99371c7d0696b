import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type SshConfigHost, sshConfigHosts } from '../../../client/transport/ssh-config-hosts.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import { uriOfTyped } from '../../../model/operations/host/typed-host.ts';
import { asSentence, explain } from '../../ui/failure.ts';
import { plainItem } from '../../ui/plain.ts';

const EXAMPLE = 'qemu+ssh://user@host/system';
/** Guests of a kvm.yaml, which our own part of the config names. */
const GUEST = /\.kvm$/u;

/** A host to add: its URI, and the name that the person has for it already. */
export interface AskedHost {
  readonly uri: string;
  readonly name: string | undefined;
}

interface Item extends vscode.QuickPickItem {
  readonly host: AskedHost | undefined;
}

/** What is typed now, and what it means or why it means nothing. */
interface Typed {
  readonly text: string;
  readonly uri: string | undefined;
  readonly problem: string | undefined;
}

/** Asks for a host: one of the ssh config's, or whatever the person types. Undefined when nobody answered. */
export async function askHost(inventory: Inventory, value: string): Promise<AskedHost | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = t('Add a libvirt Host');
  pick.placeholder = t('Host, user@host or URI, for example {0}', EXAMPLE);
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.value = value;
  const proposals = sshConfigHosts().then((hosts) => proposalsOf(hosts, inventory));
  const { promise, resolve } = Promise.withResolvers<AskedHost | undefined>();
  let latest: Promise<Typed> = Promise.resolve({ text: '', uri: undefined, problem: undefined });
  let shown: string | undefined;
  const update = () => {
    const text = pick.value.trim();
    latest = whatIsTyped(text, inventory);
    void Promise.all([latest, proposals]).then(([typed, others]) => {
      // Somebody who types on has overtaken this.
      if (pick.value.trim() !== text) return;
      pick.items = itemsFor(typed, others);
      shown = text;
    });
  };
  const accept = async () => {
    // Whoever types and presses Enter faster than the list follows means what they typed.
    const picked = pick.value.trim() === shown ? (pick.selectedItems[0] ?? pick.activeItems[0]) : undefined;
    const { uri } = await latest;
    const typed = uri === undefined ? undefined : { uri, name: undefined };
    const host = picked === undefined ? typed : picked.host;
    if (host !== undefined) resolve(host);
  };
  pick.onDidChangeValue(update);
  pick.onDidAccept(() => void accept());
  pick.onDidHide(() => resolve(undefined));
  update();
  pick.show();
  try {
    return await promise;
  } finally {
    pick.dispose();
  }
}

async function whatIsTyped(text: string, inventory: Inventory): Promise<Typed> {
  if (text === '') return { text, uri: undefined, problem: undefined };
  try {
    const uri = await uriOfTyped(text);
    const isKnown = inventory.host(uri) !== undefined;
    return isKnown
      ? { text, uri: undefined, problem: t('This host is in the list already.') }
      : { text, uri, problem: undefined };
  } catch (error) {
    return { text, uri: undefined, problem: asSentence(explain(error).reason) };
  }
}

/** An item is there for what is typed whatever it is, so that it can be accepted, or says why not. */
function itemsFor({ text, uri, problem }: Typed, others: readonly Item[]): readonly Item[] {
  const same = others.find(({ label }) => label === text);
  if (text === '' || (same !== undefined && uri !== text)) return others;
  const own: Item = {
    label: text,
    alwaysShow: true,
    ...(problem === undefined ? {} : { detail: problem }),
    ...(uri === undefined || uri === text ? {} : { description: uri }),
    iconPath: new vscode.ThemeIcon(problem === undefined ? 'add' : 'warning'),
    host: uri === undefined ? undefined : { uri, name: undefined },
  };
  return [plainItem(own), ...others];
}

function proposalsOf(hosts: readonly SshConfigHost[], inventory: Inventory): readonly Item[] {
  return hosts.flatMap(({ name, hostName, user }) => {
    const uri = `qemu+ssh://${encodeURIComponent(name)}/system`;
    if (GUEST.test(name) || inventory.host(uri) !== undefined) return [];
    const where = [user, hostName].filter((part) => part !== undefined).join('@');
    return [
      plainItem({
        label: name,
        description: where === '' ? uri : `${uri} (${where})`,
        iconPath: new vscode.ThemeIcon('remote'),
        host: { uri, name },
      }),
    ];
  });
}
