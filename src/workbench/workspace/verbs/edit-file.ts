import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { setInYaml } from '../../../engines/environment/file/edit.ts';

/** VS Code refuses an edit of a text that somebody has typed into since. */
const TRIES = 5;

/**
 * Sets something in a kvm.yaml without touching the rest of it. Makes the file where it is missing. In an editor it can
 * be undone, and what was typed there and not saved yet is kept.
 */
export async function setInFile(uri: vscode.Uri, path: readonly string[], value: unknown): Promise<void> {
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, Buffer.from(''));
  const document = await vscode.workspace.openTextDocument(uri);
  let isSet = false;
  for (let tries = 0; tries < TRIES && !isSet; tries++)
    isSet = await vscode.workspace.applyEdit(settingEdit(document, path, value));
  if (!isSet || !(await document.save()))
    throw new Error(t('Could not write {0}', vscode.workspace.asRelativePath(uri)));
}

function settingEdit(
  document: vscode.TextDocument,
  path: readonly string[],
  value: unknown,
): vscode.WorkspaceEdit {
  const before = document.getText();
  const after = setInYaml(before, path, value);
  const [start, end] = differenceOf(before, after);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, after.slice(start, after.length - (before.length - end)));
  return edit;
}

export function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Where one text differs from another: a cursor elsewhere in it stays where it is. */
function differenceOf(one: string, other: string): readonly [start: number, end: number] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let same = 0;
  while (same < shorter - start && one[one.length - 1 - same] === other[other.length - 1 - same]) same += 1;
  return [start, one.length - same];
}
