import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host, HostStatus } from '../../../model/inventory/host.ts';
import { link, titleOf } from '../../ui/commands.ts';
import { asSentence, explain } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { HostNode, MessageNode } from '../nodes.ts';

export function hostItem({ host }: HostNode): vscode.TreeItem {
  const item = new vscode.TreeItem(displayName(host.name), initialState(host));
  item.id = host.id;
  item.description = description(host);
  item.iconPath = icon(host.status);
  item.contextValue = `host:${host.status.kind}:${host.definition.origin}`;
  item.tooltip = tooltip(host);
  return item;
}

/** A daemon that runs on this machine opens, and so connects, by itself: it is what most people came for. */
function initialState({ definition }: Host): vscode.TreeItemCollapsibleState {
  return definition.listens === true
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

function description({ status, definition, domains }: Host): string {
  const uri = displayName(definition.uri);
  switch (status.kind) {
    case 'connected':
      // The name of a local host says its URI already; the count comes first, as a narrow side bar cuts the end.
      return definition.origin === 'local' ? count(domains.size) : `${count(domains.size)} · ${uri}`;
    case 'connecting':
      return t('connecting…');
    case 'reconnecting':
      return t('reconnecting…');
    case 'failed':
      return explain(status.error).reason;
    case 'disconnected':
      return uri;
  }
}

function count(domains: number): string {
  return domains === 1 ? t('1 domain') : t('{0} domains', domains);
}

function icon(status: HostStatus): vscode.ThemeIcon {
  switch (status.kind) {
    case 'connected':
      return new vscode.ThemeIcon('server-environment', warningColor(status.facts.warnings));
    case 'connecting':
    case 'reconnecting':
      return new vscode.ThemeIcon('loading~spin');
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'disconnected':
      return new vscode.ThemeIcon('server-environment', new vscode.ThemeColor('disabledForeground'));
  }
}

function warningColor(warnings: readonly string[]): vscode.ThemeColor | undefined {
  return warnings.length === 0 ? undefined : new vscode.ThemeColor('list.warningForeground');
}

function tooltip({ name, definition, status }: Host): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(displayName(name)).appendMarkdown('**\n\n');
  text.appendText(displayName(definition.uri));
  if (status.kind === 'connected') {
    const { hostname, type, version, libVersion } = status.facts;
    text
      .appendMarkdown('\n\n')
      .appendText(t('{0} · {1} {2} · libvirt {3}', hostname, type, version, libVersion));
    for (const warning of status.facts.warnings) text.appendMarkdown('\n\n').appendText(`⚠ ${warning}`);
  }
  if (status.kind === 'failed' || status.kind === 'reconnecting') appendFailure(text, status.error);
  return text;
}

export function messageItem({ id, host, message }: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem('');
  item.id = id;
  item.contextValue = `message:${message.type}`;
  switch (message.type) {
    case 'empty':
      item.label = t('No domains yet');
      item.iconPath = new vscode.ThemeIcon('info');
      break;
    case 'no-match':
      item.label = t('No domain matches “{0}”', displayName(message.filter));
      item.iconPath = new vscode.ThemeIcon('filter');
      break;
    case 'connecting':
      item.label = t('Connecting…');
      item.iconPath = new vscode.ThemeIcon('loading~spin');
      break;
    case 'reading':
      item.label = t('Reading…');
      item.iconPath = new vscode.ThemeIcon('loading~spin');
      break;
    case 'none':
      item.label = message.text;
      item.iconPath = new vscode.ThemeIcon('info');
      break;
    case 'unreadable':
      item.label = explain(message.error).reason;
      item.iconPath = new vscode.ThemeIcon('info');
      break;
    case 'disconnected':
      item.label = titleOf('kvm.host.connect');
      item.iconPath = new vscode.ThemeIcon('debug-disconnect');
      item.command = link('kvm.host.connect', [host.id]);
      break;
    case 'failed': {
      const { reason } = explain(message.error);
      const text = new vscode.MarkdownString();
      appendFailure(text, message.error);
      item.label = t('Try Again');
      item.description = reason;
      item.tooltip = text;
      item.iconPath = new vscode.ThemeIcon('refresh');
      item.command = link('kvm.host.connect', [host.id]);
      break;
    }
  }
  return item;
}

function appendFailure(text: vscode.MarkdownString, error: Error): void {
  const { reason, hint } = explain(error);
  text.appendMarkdown('\n\n').appendText(asSentence(reason));
  if (hint !== undefined) text.appendMarkdown('\n\n').appendText(hint);
}
