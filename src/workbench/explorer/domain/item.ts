import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { actionsOf, type DomainAction } from '../../../model/inventory/kinds/domain-actions.ts';
import { conditionOf, type DomainRecord } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { conditionWithReason, sizeText } from '../../ui/describe.ts';
import { displayName } from '../../ui/names.ts';
import { stateIcon } from '../../ui/state-icon.ts';
import { dimmed } from '../dimmed.ts';

/** @param shared what is possible with any of the domains that are selected together with this one */
export function domainItem(
  target: DomainTarget,
  domain: DomainRecord,
  shared: readonly DomainAction[],
  extensionUri: vscode.Uri,
): vscode.TreeItem {
  const { isLost } = target;
  const item = new vscode.TreeItem(displayName(domain.name));
  item.id = target.id;
  item.description = description(domain, isLost);
  item.contextValue = contextValue(actionsOf(domain, isLost), shared);
  item.iconPath = stateIcon(isLost ? 'lost' : conditionOf(domain), extensionUri);
  if (isLost) {
    item.resourceUri = dimmed(target.id);
    item.tooltip = t('{0} does not answer. This is what was known before.', displayName(target.host.name));
  }
  item.accessibilityInformation = { label: `${displayName(domain.name)}, ${item.description}` };
  return item;
}

/**
 * Menus look for the name of an action in here: what is possible is decided in one place only. Buttons look in front of
 * the semicolon, where its own are; the menu of several domains offers what is possible with any of them.
 */
function contextValue(own: readonly DomainAction[], shared: readonly DomainAction[]): string {
  return `domain:${own.join(',')},;${shared.join(',')},`;
}

/** The state comes first, since a narrow side bar cuts the end off. */
function description(domain: DomainRecord, isLost: boolean): string {
  const { size } = domain;
  const condition = conditionWithReason(domain);
  const parts = [
    isLost ? t('last seen {0}', condition) : condition,
    ...(domain.persistent ? [] : [t('transient')]),
    ...(size === undefined ? [] : [t('{0} vCPU', size.vcpus), sizeText(size.memoryKiB)]),
  ];
  return parts.join(' · ');
}
