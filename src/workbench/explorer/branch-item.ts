import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { displayName } from '../ui/names.ts';
import { dimmed } from './dimmed.ts';
import type { BranchNode, GroupNode, ObjectNode } from './nodes.ts';
import type { ObjectRecord } from '../../model/inventory/kinds/kind.ts';

/** The line above the objects of a kind. `count` is known while somebody looks at them. */
export function branchItem(node: BranchNode, count: number | undefined): vscode.TreeItem {
  const { kind, icon } = node.branch;
  const item = new vscode.TreeItem(kind.words.many, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  const isLost = node.host.status.kind === 'reconnecting';
  item.iconPath = new vscode.ThemeIcon(
    icon,
    isLost ? new vscode.ThemeColor('disabledForeground') : undefined,
  );
  if (isLost) item.resourceUri = dimmed(node.id);
  item.contextValue = `branch:${kind.name}`;
  if (count !== undefined) item.description = String(count);
  return item;
}

/** The line of one object. Menus look for the name of an action in its context value. */
export function objectItem({ id, host, branch }: ObjectNode, record: ObjectRecord): vscode.TreeItem {
  const { kind, below } = branch;
  const item = new vscode.TreeItem(displayName(record.name));
  if (below?.unfolds(record) === true) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  const isLost = host.status.kind === 'reconnecting';
  item.id = id;
  branch.show(item, record);
  item.contextValue = `${kind.name}:${isLost ? '' : kind.actions(record).join(',')},`;
  if (isLost) item.resourceUri = dimmed(id);
  return item;
}

/** The line above some of many objects. */
export function groupItem({ id, ends, objects }: GroupNode): vscode.TreeItem {
  const label = t('{0} … {1}', displayName(ends[0]), displayName(ends[1]));
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = String(objects.length);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'group';
  return item;
}
