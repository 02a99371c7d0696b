import * as vscode from 'vscode';
import { withoutLinks } from '../../model/text/links.ts';
import type { CommandId } from '../manifest/commands.ts';

type Handler = (...args: unknown[]) => unknown;

/** Gives a command its handler. The id is one of the manifest's, or it does not compile. */
export function register(id: CommandId, handler: Handler): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      throw asText(error);
    }
  });
}

/** VS Code shows the message of what a command throws. */
function asText(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = withoutLinks(error.message);
  return message === error.message ? error : new Error(message, { cause: error });
}

/** The entries of a table with command ids for its keys. */
export function entriesOf<Id extends CommandId, Value>(
  table: Readonly<Record<Id, Value>>,
): readonly (readonly [Id, Value])[] {
  return Object.entries(table) as unknown as readonly (readonly [Id, Value])[];
}

/** What is run by a click on a tree item or a code lens. A tree item shows no title of it. */
export function link(command: CommandId, args: unknown[], title = ''): vscode.Command {
  return { command, title, arguments: args };
}

/** What a command is called in menus and the palette, in the language of the editor. */
export function titleOf(id: CommandId): string {
  return plain(contribution(id)?.title) ?? id;
}

/** The same for places that say already what the command is about. */
export function shortTitleOf(id: CommandId): string {
  return plain(contribution(id)?.shortTitle) ?? titleOf(id);
}

/** The icon of a command and its short title, for a code lens. */
export function iconAndTitleOf(id: CommandId): string {
  const icon = plain(contribution(id)?.icon);
  return [...(icon === undefined ? [] : [icon]), shortTitleOf(id)].join(' ');
}

interface Contribution {
  readonly command: CommandId;
  readonly title: unknown;
  readonly shortTitle?: unknown;
  readonly icon?: unknown;
}

/** package.json as VS Code has read it: with its texts in the language of the editor. */
function contribution(id: CommandId): Contribution | undefined {
  const manifest: unknown = vscode.extensions.getExtension('kvm-workbench.kvm-workbench')?.packageJSON;
  const { contributes } = (manifest ?? {}) as {
    readonly contributes?: { readonly commands?: readonly Contribution[] };
  };
  return contributes?.commands?.find(({ command }) => command === id);
}

/** A title that was translated comes with its original. */
function plain(text: unknown): string | undefined {
  if (typeof text === 'string') return text;
  if (typeof text !== 'object' || text === null || !('value' in text)) return undefined;
  return typeof text.value === 'string' ? text.value : undefined;
}
