import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { downloadVolume } from '../../../model/operations/volume/transfer.ts';
import { asJob } from '../../ui/jobs.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';

/** Asks where to, and copies a volume into a file of this machine. VS Code asks before a file is replaced. */
export async function downloadVolumes(
  context: CommandContext,
  [volume]: readonly ObjectTarget[],
): Promise<void> {
  if (volume === undefined) return;
  const name = objectName(volume);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = await vscode.window.showSaveDialog({
    saveLabel: t('Download'),
    title: t('Download {0}', name),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, volume.name.key) }),
  });
  if (place === undefined) return;
  try {
    await refuseFolder(place.fsPath);
    await asJob(context.jobs, volume.host.definition.uri, t('Downloading {0}', name), (signal, onBytes) =>
      downloadVolume(volume, { file: place.fsPath }, { signal, onBytes }),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not download {0}.', name), error);
  }
}

async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw new Error(t('There is a folder of this name'));
}
