import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DOMAIN_ACTIONS, isPossible } from '../../../model/inventory/kinds/domain-actions.ts';
import {
  conditionOf,
  type DomainCondition,
  type DomainRecord,
} from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { briefCondition, conditionWithReason, sizeText } from '../../ui/describe.ts';
import { displayName } from '../../ui/names.ts';

const ICONS: Record<DomainCondition, string> = {
  'no-state': 'shut-off',
  running: 'running',
  blocked: 'running',
  paused: 'paused',
  'shutting-down': 'shutting-down',
  'shut-off': 'shut-off',
  crashed: 'crashed',
  suspended: 'suspended',
  saved: 'saved',
};

export function domainItem(
  target: DomainTarget,
  domain: DomainRecord,
  extensionUri: vscode.Uri,
): vscode.TreeItem {
  const item = new vscode.TreeItem(displayName(domain.name));
  item.id = target.id;
  item.description = description(domain);
  item.contextValue = contextValue(domain);
  item.iconPath = icon(conditionOf(domain), extensionUri);
  item.accessibilityInformation = {
    label: `${displayName(domain.name)}, ${conditionWithReason(domain)}, ${item.description}`,
  };
  return item;
}

/** Menus look for the name of an action in here: what is possible is decided in one place only. */
function contextValue(domain: DomainRecord): string {
  return `domain:${DOMAIN_ACTIONS.filter((action) => isPossible(action, domain)).join(',')},`;
}

function description(domain: DomainRecord): string {
  const { size, id } = domain;
  const parts = [
    ...(size === undefined ? [] : [t('{0} vCPU', size.vcpus), sizeText(size.memoryKiB)]),
    id !== undefined && domain.state === 'running' ? t('id {0}', id) : briefCondition(domain),
    ...(domain.persistent ? [] : [t('transient')]),
  ];
  return parts.join(' · ');
}

function icon(condition: DomainCondition, extensionUri: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const file = (theme: string) =>
    vscode.Uri.joinPath(extensionUri, 'media', 'state', theme, `${ICONS[condition]}.svg`);
  return { light: file('light'), dark: file('dark') };
}
