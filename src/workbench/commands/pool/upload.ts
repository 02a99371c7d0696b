import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { uploadVolume } from '../../../model/operations/volume/transfer.ts';
import { imageFormat } from '../../../model/storage/image-format.ts';
import { asJob } from '../../ui/jobs.ts';
import { quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from '../object/name.ts';
import { askVolumeName } from '../volume/ask-name.ts';

/** Asks for files of this machine and copies them into the pool. */
export async function uploadToPool(context: CommandContext, [pool]: readonly ObjectTarget[]): Promise<void> {
  if (pool === undefined) return;
  const files = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: t('Upload'),
    title: t('Upload to pool {0}', objectName(pool)),
  });
  for (const { fsPath } of files ?? []) await uploadFile(context, pool, fsPath);
}

/** Copies one file into a pool, under a name that a person agrees to. */
async function uploadFile(context: CommandContext, pool: ObjectTarget, file: string): Promise<void> {
  const name = await askVolumeName(pool, basename(file), t('Name of the new volume'));
  if (name === undefined) return;
  try {
    const format = await imageFormat(file);
    const title = t('Uploading {0} to {1}', quoted(name), objectName(pool));
    await asJob(context.jobs, pool.host.definition.uri, title, (signal, onBytes) =>
      uploadVolume(pool, { file, name, format }, { signal, onBytes }),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not upload {0}.', quoted(basename(file))), error);
  }
}
