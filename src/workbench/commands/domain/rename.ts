import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { nameProblem, renameDomain as rename } from '../../../model/operations/domain/rename.ts';
import { displayName } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Renaming {0}', name),
  doingMany: (count) => t('Renaming {0} domains', count),
  failed: (name) => t('Could not rename {0}.', name),
  failedMany: (failed, count) => t('Could not rename {0} of {1} domains.', failed, count),
};

export async function renameDomain(
  context: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  const oldName = target?.record?.name;
  if (target === undefined || oldName === undefined) return;
  const name = await vscode.window.showInputBox({
    title: t('Rename {0}', nameOf(target)),
    value: oldName,
    validateInput: (value) => problemText(target, value),
  });
  if (name === undefined || name === oldName) return;
  await forEachDomain(context, [target], WORDS, (each, options) => rename(each, { name }, options));
}

function problemText(target: DomainTarget, name: string): string | undefined {
  switch (nameProblem(target, name)) {
    case 'empty':
      return t('A domain needs a name.');
    case 'slash':
      return t('libvirt allows no “/” in a domain name.');
    case 'taken':
      return t('{0} is already taken.', displayName(name));
    case undefined:
      return undefined;
  }
}
