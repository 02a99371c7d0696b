import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { takePicture } from '../../../model/operations/domain/picture.ts';
import { saveWhole } from '../../ui/save-whole.ts';
import { withProgress } from '../../ui/progress.ts';
import { inform } from '../../ui/notices.ts';

/** Takes the picture first, since the screen may change while somebody thinks of a name. */
export async function saveScreenshot(target: DomainTarget): Promise<void> {
  const name = target.name;
  const picture = await withProgress(t('Taking a screenshot'), (signal) =>
    takePicture(target, {}, { signal }),
  );
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-${time}.png`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: t('Save Screenshot'),
    filters: { [t('Pictures')]: ['png'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }),
  });
  if (uri === undefined) return;
  await saveWhole(uri, picture);
  const show = t('Show');
  const answer = await inform(t('Saved {0}.', uri.fsPath), show);
  if (answer === show) await vscode.commands.executeCommand('vscode.open', uri);
}
