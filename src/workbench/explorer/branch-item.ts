import * as vscode from 'vscode';
import { displayName } from '../ui/names.ts';
import { dimmed } from './dimmed.ts';
import type { BranchNode, ObjectNode } from './nodes.ts';
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
export function objectItem({ id, parent }: ObjectNode, record: ObjectRecord): vscode.TreeItem {
  const { kind } = parent.branch;
  const item = new vscode.TreeItem(displayName(record.name));
  const isLost = parent.host.status.kind === 'reconnecting';
  item.id = id;
  parent.branch.show(item, record);
  item.contextValue = `${kind.name}:${isLost ? '' : kind.actions(record).join(',')},`;
  if (isLost) item.resourceUri = dimmed(id);
  return item;
}
