import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { listObjects } from '../../../model/inventory/objects.ts';

/** Asks for the name of a new volume, which nothing in the pool has yet. */
export async function askVolumeName(
  pool: ObjectTarget,
  value: string,
  prompt: string,
): Promise<string | undefined> {
  const taken = await listObjects(await pool.host.connect(), 'volume', pool.name.key);
  const answer = await vscode.window.showInputBox({
    prompt,
    value,
    // The part that a person changes.
    valueSelection: [0, value.lastIndexOf('.') > 0 ? value.lastIndexOf('.') : value.length],
    ignoreFocusOut: true,
    validateInput: (text) => problemWith(text.trim(), taken),
  });
  return answer === undefined || answer.trim() === '' ? undefined : answer.trim();
}

function problemWith(name: string, taken: ReadonlyMap<string, unknown>): string | undefined {
  if (name === '') return t('A volume needs a name.');
  if (name.includes('/')) return t('The name of a volume has no “/”.');
  return taken.has(name) ? t('The pool has a volume of this name already.') : undefined;
}
