import type * as vscode from 'vscode';
import { visible, visibleLines } from '../../model/text/visible.ts';

/**
 * The item with every text of it visible: names, states and reasons come from daemons, guests and files, and may hold
 * characters that hide others or turn them around. Each tree hands its items out through here.
 */
export function shownItem(item: vscode.TreeItem): vscode.TreeItem {
  const { label, description, tooltip, accessibilityInformation } = item;
  if (typeof label === 'string') item.label = visible(label);
  if (typeof description === 'string') item.description = visible(description);
  if (typeof tooltip === 'string') item.tooltip = visibleLines(tooltip);
  else if (tooltip !== undefined) tooltip.value = visibleLines(tooltip.value);
  if (accessibilityInformation !== undefined)
    item.accessibilityInformation = {
      ...accessibilityInformation,
      label: visible(accessibilityInformation.label),
    };
  return item;
}
