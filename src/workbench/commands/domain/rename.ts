import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { displayName } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf } from './batch.ts';

export async function renameDomain(
  context: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  const oldName = target?.record?.name;
  if (target === undefined || oldName === undefined) return;
  const newName = await vscode.window.showInputBox({
    title: `Rename ${nameOf(target)}`,
    value: oldName,
    validateInput: (name) => problemWith(name, target),
  });
  if (newName === undefined || newName === oldName) return;
  const verb = { doing: 'Renaming', infinitive: 'rename' };
  await forEachDomain(context, [target], verb, ({ connection, ref, signal }) =>
    connection.domains.rename(ref, newName, { signal }),
  );
}

function problemWith(name: string, target: DomainTarget): string | undefined {
  if (name.trim() === '') return 'A domain needs a name.';
  if (name.includes('/')) return 'libvirt allows no “/” in a domain name.';
  const others = [...target.host.domains.values()].filter(({ uuid }) => uuid !== target.uuid);
  return others.some((other) => other.name === name) ? `${displayName(name)} is already taken.` : undefined;
}
