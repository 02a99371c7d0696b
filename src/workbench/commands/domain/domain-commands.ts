import * as vscode from 'vscode';
import { DOMAIN_ACTIONS, type DomainAction, isPossible } from '../../../model/inventory/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import type { Verb } from './verbs.ts';

/** Inline button, context menu, multi-selection and palette all end in the same function. */
export function registerDomainCommands(
  context: CommandContext,
  selection: () => readonly unknown[],
): readonly vscode.Disposable[] {
  return DOMAIN_ACTIONS.map((action) =>
    vscode.commands.registerCommand(`kvm.domain.${action}`, async (...args: unknown[]) => {
      // Loaded with the first command: an editor that only starts has no use for them.
      const { VERBS } = await import('./verbs.ts');
      const targets = await targetsOf(context, action, VERBS[action], args, selection());
      if (targets.length > 0) await VERBS[action].run(context, targets);
    }),
  );
}

/** VS Code passes the item that was clicked, then the whole selection when that item is part of it. */
async function targetsOf(
  context: CommandContext,
  action: DomainAction,
  { single, title }: Verb,
  [clicked, selected]: readonly unknown[],
  selection: readonly unknown[],
): Promise<readonly DomainTarget[]> {
  const many = single === undefined;
  if (clicked === undefined) {
    const question = { title: `${title}: Which Domain?`, action, many, selected: domainsIn(selection) };
    const { pickDomains } = await import('./pick-domains.ts');
    return pickDomains(context, question);
  }
  const given = domainsIn(many && Array.isArray(selected) ? selected : [clicked]);
  const possible = given.filter(({ record }) => record !== undefined && isPossible(action, record));
  if (possible.length === 0) await sayImpossible(title, given);
  return possible;
}

function domainsIn(nodes: readonly unknown[]): readonly DomainTarget[] {
  return nodes.filter((node) => node instanceof DomainTarget);
}

/** Between the menu and the click, a domain may have changed or gone. */
async function sayImpossible(title: string, given: readonly DomainTarget[]): Promise<void> {
  const [first] = given;
  const name =
    given.length === 1 && first !== undefined ? quoted(first.record?.name ?? first.uuid) : undefined;
  const gone = given.every(({ record }) => record === undefined);
  await vscode.window.showInformationMessage(gone ? goneText(title, name) : wrongStateText(title, name));
}

function goneText(title: string, name: string | undefined): string {
  return name === undefined
    ? `${title}: None of the selected domains is there any more.`
    : `${title}: ${name} is no longer there.`;
}

function wrongStateText(title: string, name: string | undefined): string {
  return name === undefined
    ? `${title}: None of the selected domains is in a state for that any more.`
    : `${title}: ${name} is not in a state for that any more.`;
}
