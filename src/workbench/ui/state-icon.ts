import * as vscode from 'vscode';
import type { DomainCondition } from '../../model/inventory/kinds/domain-record.ts';

/** Conditions that look like another. */
const SAME_AS: Partial<Record<DomainCondition | 'lost', DomainCondition>> = {
  'no-state': 'shut-off',
  blocked: 'running',
};

/** The picture of a domain’s condition, for a tree or a tab; `lost`: its host does not answer. */
export function stateIcon(
  condition: DomainCondition | 'lost',
  extensionUri: vscode.Uri,
): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const name = `${SAME_AS[condition] ?? condition}.svg`;
  const file = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'state', theme, name);
  return { light: file('light'), dark: file('dark') };
}
