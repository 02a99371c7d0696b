import type * as vscode from 'vscode';
import { register } from '../../ui/commands.ts';
import type { CommandContext } from '../context.ts';

/** The commands that make a domain of an XML file. */
export function registerFileCommands(context: CommandContext): readonly vscode.Disposable[] {
  return [
    register('kvm.domain.define', async (argument: unknown) =>
      (await import('./xml-file.ts')).defineFromFile(context, argument),
    ),
    register('kvm.domain.create', async (argument: unknown) =>
      (await import('./xml-file.ts')).createFromFile(context, argument),
    ),
  ];
}
