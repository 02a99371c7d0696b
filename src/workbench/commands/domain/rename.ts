import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { nameProblem, renameDomain as rename } from '../../../model/operations/domain/rename.ts';
import { displayName } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';

const WORDS: VerbWords = {
  doing: (name) => `Renaming ${name}`,
  doingMany: (count) => `Renaming ${count} domains`,
  failed: (name) => `Could not rename ${name}`,
  failedMany: (failed, count) => `Could not rename ${failed} of ${count} domains`,
};

export async function renameDomain(
  context: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  const oldName = target?.record?.name;
  if (target === undefined || oldName === undefined) return;
  const name = await vscode.window.showInputBox({
    title: `Rename ${nameOf(target)}`,
    value: oldName,
    validateInput: (value) => problemText(target, value),
  });
  if (name === undefined || name === oldName) return;
  await forEachDomain(context, [target], WORDS, (each, options) => rename(each, { name }, options));
}

function problemText(target: DomainTarget, name: string): string | undefined {
  switch (nameProblem(target, name)) {
    case 'empty':
      return 'A domain needs a name.';
    case 'slash':
      return 'libvirt allows no “/” in a domain name.';
    case 'taken':
      return `${displayName(name)} is already taken.`;
    case undefined:
      return undefined;
  }
}
