import * as vscode from 'vscode';
import { plainItem } from './plain.ts';

/** Lists to choose from go through here, so that what daemons and files say becomes no icon in them. */

export async function choose<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), options);
}

export async function chooseMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<readonly T[] | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), { ...options, canPickMany: true });
}
