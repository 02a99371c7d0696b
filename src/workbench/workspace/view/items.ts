import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { link, titleOf } from '../../ui/commands.ts';
import { displayName } from '../../ui/names.ts';
import { knownFromText } from '../../../engines/environment/access/known-from.ts';
import type { DeclaredPort } from '../../../engines/environment/file/model.ts';
import type { EnvironmentEntry, GuestStatus } from '../entry.ts';
import type { DroppedNode, FileNode, GuestNode, MessageNode, PartNode, WorkspaceNode } from './nodes.ts';

export function treeItem(node: WorkspaceNode, extensionUri: vscode.Uri): vscode.TreeItem {
  switch (node.kind) {
    case 'file':
      return fileItem(node);
    case 'guest':
      return guestItem(node, extensionUri);
    case 'dropped':
      return droppedItem(node, extensionUri);
    case 'part':
      return partItem(node);
    case 'message':
      return messageItem(node);
  }
}

function fileItem({ entry }: FileNode): vscode.TreeItem {
  const path = vscode.workspace.asRelativePath(entry.uri);
  const item = new vscode.TreeItem(displayName(path), vscode.TreeItemCollapsibleState.Expanded);
  item.id = entry.uri.toString();
  item.resourceUri = entry.uri;
  item.contextValue = 'file';
  item.iconPath = vscode.ThemeIcon.File;
  return item;
}

function guestItem(node: GuestNode, extensionUri: vscode.Uri): vscode.TreeItem {
  const { guest, entry, name } = node;
  const status = entry.status(name);
  const phase = entry.phaseText(name);
  const hasParts = (guest?.ports.length ?? 0) + (guest?.mounts.length ?? 0) > 0 || hasAddress(status);
  const item = new vscode.TreeItem(
    displayName(name),
    hasParts ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = node.id;
  item.description = phase ?? describeGuest(entry, name);
  item.iconPath =
    phase === undefined ? stateIcon(status, extensionUri) : new vscode.ThemeIcon('loading~spin');
  const ssh = guest?.ssh === undefined ? '' : 'ssh,';
  const provisions = (guest?.provision.length ?? 0) === 0 ? '' : 'provision,';
  item.contextValue = `guest:${stateOf(status)},${ssh}${provisions}`;
  item.tooltip = guestTooltip(node);
  item.accessibilityInformation = {
    label: `${displayName(name)}, ${stateWord(status)}, ${item.description}`,
  };
  return item;
}

function hasAddress(status: GuestStatus | undefined): boolean {
  return status?.kind === 'there' && status.address !== undefined;
}

/** Its state in a word or two, by which menus and icons know it too. */
const STATES = {
  running: () => t('running'),
  paused: () => t('paused'),
  'shut-off': () => t('shut off'),
  'not-created': () => t('not created'),
  foreign: () => t('name taken'),
  unknown: () => t('unknown'),
};

function stateOf(status: GuestStatus | undefined): keyof typeof STATES {
  switch (status?.kind) {
    case 'there':
      return runningState(status.running, status.state);
    case 'absent':
      return 'not-created';
    case 'foreign':
      return 'foreign';
    default:
      return 'unknown';
  }
}

function runningState(running: boolean, state?: string): 'running' | 'paused' | 'shut-off' {
  if (!running) return 'shut-off';
  return state === 'paused' ? 'paused' : 'running';
}

function stateWord(status: GuestStatus | undefined): string {
  return STATES[stateOf(status)]();
}

/** State, address and ports: what somebody wants to know at a glance. */
export function describeGuest(entry: EnvironmentEntry, name: string): string {
  const guest = entry.guest(name);
  const status = entry.status(name);
  if (status?.kind === 'unknown') return status.why;
  if (status?.kind === 'foreign')
    return t('another domain has the name {0}', displayName(guest?.domain ?? name));
  const parts = [stateWord(status)];
  if (status?.kind === 'there' && status.running) {
    if (status.address !== undefined) parts.push(status.address.address);
    parts.push(...(guest?.ports ?? []).map(portText));
    if (status.closedPorts !== undefined) parts.push(t('not all ports are open'));
    if (status.restartPending) parts.push(t('restart to apply changes'));
  }
  return parts.join(' · ');
}

function portText({ address, host, guest, protocol }: DeclaredPort): string {
  const at = address === '127.0.0.1' ? `:${host}` : `${address}:${host}`;
  return `${at} → ${guest}${protocol === 'udp' ? '/udp' : ''}`;
}

function droppedItem(
  { entry, name, domain, host, running }: DroppedNode,
  extensionUri: vscode.Uri,
): vscode.TreeItem {
  const item = new vscode.TreeItem(displayName(name));
  item.id = `${entry.uri.toString()}#dropped:${host}:${domain}`;
  const state = runningState(running);
  item.description = [STATES[state](), t('no longer declared')].join(' · ');
  item.iconPath = domainIcon(state, extensionUri);
  item.contextValue = 'dropped';
  const file = vscode.workspace.asRelativePath(entry.uri);
  const why = t(
    'Up created {0} on {1}, and {2} no longer declares it.',
    displayName(domain),
    displayName(host),
    file,
  );
  const what = t('It is left as it is until it is deleted, or declared again.');
  item.tooltip = new vscode.MarkdownString().appendText(`${why} ${what}`);
  item.accessibilityInformation = { label: `${displayName(name)}, ${item.description}` };
  return item;
}

function stateIcon(status: GuestStatus | undefined, extensionUri: vscode.Uri): vscode.IconPath {
  if (status?.kind === 'foreign' || status?.kind === 'unknown')
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (status?.kind !== 'there')
    return new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor('disabledForeground'));
  return domainIcon(runningState(status.running, status.state), extensionUri);
}

function domainIcon(name: string, extensionUri: vscode.Uri): vscode.IconPath {
  const file = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'state', theme, `${name}.svg`);
  return { light: file('light'), dark: file('dark') };
}

function guestTooltip({ guest, entry, name }: GuestNode): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const status = entry.status(name);
  text.appendMarkdown('**').appendText(displayName(name)).appendMarkdown('**\n\n');
  text.appendText(stateWord(status));
  if (status?.kind === 'unknown') text.appendMarkdown('\n\n').appendText(status.why);
  if (guest !== undefined) text.appendMarkdown('\n\n').appendText(t('Domain {0}', displayName(guest.domain)));
  if (status?.kind === 'there' && status.address !== undefined)
    text
      .appendMarkdown('\n\n')
      .appendText(t('{0} ({1})', status.address.address, knownFromText(status.address.from)));
  if (status?.kind === 'there' && status.closedPorts !== undefined)
    text.appendMarkdown('\n\n').appendText(status.closedPorts);
  return text;
}

function partItem(part: PartNode): vscode.TreeItem {
  const { parent } = part;
  switch (part.type) {
    case 'address': {
      const item = new vscode.TreeItem(displayName(part.address));
      item.id = `${parent.id}#address`;
      item.description = knownFromText(part.from);
      item.iconPath = new vscode.ThemeIcon('globe');
      item.contextValue = 'address';
      return item;
    }
    case 'port': {
      const { port } = part;
      const item = new vscode.TreeItem(`${port.address}:${port.host}`);
      item.id = `${parent.id}#port:${port.host}/${port.protocol}`;
      item.description =
        port.protocol === 'udp'
          ? t('→ port {0} of the guest (UDP)', port.guest)
          : t('→ port {0} of the guest', port.guest);
      item.iconPath = new vscode.ThemeIcon('plug');
      item.contextValue = `port:${port.protocol}`;
      if (port.protocol === 'tcp') {
        item.command = link('kvm.environment.openPort', [part]);
        item.tooltip = titleOf('kvm.environment.openPort');
      }
      return item;
    }
    case 'mount': {
      const { mount } = part;
      const item = new vscode.TreeItem(displayName(basename(mount.source)));
      item.id = `${parent.id}#mount:${mount.target}`;
      const target = displayName(mount.target);
      item.description = mount.readonly ? t('→ {0} (read-only)', target) : `→ ${target}`;
      item.tooltip = displayName(mount.source);
      item.iconPath = new vscode.ThemeIcon('folder');
      item.contextValue = 'mount';
      return item;
    }
  }
}

function messageItem({ entry, text }: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(t('Cannot be read yet'));
  item.id = `${entry.uri.toString()}#message`;
  item.description = text;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.command = { command: 'vscode.open', title: t('Open'), arguments: [entry.uri, { preview: false }] };
  return item;
}
