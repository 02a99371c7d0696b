import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { Host } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import { hostCalled } from '../../model/operations/host/find-host.ts';
import { titleOf } from '../ui/commands.ts';
import { pickLabel } from '../ui/names.ts';
import type { CommandContext } from './context.ts';
import { inform } from '../ui/notices.ts';
import { choose } from '../ui/choose.ts';

/** The host that a command was called on, else the only one, else the one a person picks. */
export async function pickHost(
  context: CommandContext,
  placeHolder: string,
  argument?: unknown,
): Promise<Host | undefined> {
  const { hosts } = context.inventory;
  const given = hostOf(context.inventory, argument);
  if (given !== undefined) return given;
  if (hosts.length <= 1) return hosts[0] ?? noHosts(context);
  const items = hosts.map((host) => ({
    label: pickLabel(host.name),
    description: pickLabel(host.definition.uri),
    host,
  }));
  return (await choose(items, { placeHolder, matchOnDescription: true }))?.host;
}

/**
 * The host that XML is for: the one that a command was called on, else the one that the document was chosen for, else
 * the one that is selected, else the only one, else the one a person picks. Whoever calls this says which it is.
 */
export async function hostForXml(
  context: CommandContext,
  document: vscode.Uri,
  placeHolder: string,
  argument?: unknown,
): Promise<Host | undefined> {
  return (
    hostOf(context.inventory, argument) ??
    (await context.documents.hostOf(document)) ??
    context.selectedHost() ??
    (await pickHost(context, placeHolder))
  );
}

/** A tree node has its host, a keybinding may name it. */
function hostOf(inventory: Inventory, argument: unknown): Host | undefined {
  if (typeof argument === 'string') return hostCalled(inventory, argument);
  if (typeof argument !== 'object' || argument === null || !('host' in argument)) return undefined;
  return argument.host instanceof Host ? argument.host : undefined;
}

async function noHosts(context: CommandContext): Promise<undefined> {
  const add = titleOf('kvm.host.add');
  const choice = await inform(t('There is no libvirt host yet.'), add);
  if (choice === add) await (await import('./host/add.ts')).addHost(context);
  return undefined;
}
