import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { takePicture } from '../../../model/operations/domain/picture.ts';
import { withProgress } from '../../ui/progress.ts';

const SHOW = 'Show';

/** Takes the picture first, since the screen may change while somebody thinks of a name. */
export async function saveScreenshot(target: DomainTarget): Promise<void> {
  const name = target.record?.name ?? target.uuid;
  const picture = await withProgress('Taking a screenshot', (signal) => takePicture(target, {}, { signal }));
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-${time}.png`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: 'Save Screenshot',
    filters: { Pictures: ['png'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, picture);
  const answer = await vscode.window.showInformationMessage(`Saved ${uri.fsPath}.`, SHOW);
  if (answer === SHOW) await vscode.commands.executeCommand('vscode.open', uri);
}
