import * as vscode from 'vscode';
import { writeWhole } from '../../model/files/replace-file.ts';

/** Writes a file that a person chose a place for: whole or not at all, wherever VS Code leaves that to us. */
export async function saveWhole(uri: vscode.Uri, data: Uint8Array): Promise<void> {
  if (uri.scheme === 'file') await writeWhole(uri.fsPath, data);
  else await vscode.workspace.fs.writeFile(uri, data);
}
