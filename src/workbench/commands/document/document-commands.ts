import * as vscode from 'vscode';
import type { CommandContext } from '../context.ts';
import type { KindName } from '../../../model/inventory/kinds/kind.ts';

/** The commands about XML documents of all kinds of objects. Nothing of them is loaded before it is used. */
export function registerDocumentCommands(context: CommandContext): readonly vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register('kvm.document.newDomain', () => startWith('domain')),
    register('kvm.document.newNetwork', () => startWith('network')),
    register('kvm.document.newPool', () => startWith('pool')),
    register('kvm.document.newVolume', () => startWith('volume')),
    register('kvm.document.newSnapshot', () => startWith('snapshot')),
    register('kvm.document.define', async (argument: unknown) =>
      (await import('./define-on-host.ts')).defineOnHost(context, argument),
    ),
    register('kvm.document.open', async (argument: unknown) =>
      (await import('./open-object.ts')).openObject(context, argument),
    ),
    register('kvm.document.applyLive', async (argument: unknown) =>
      (await import('./apply-live.ts')).applyLive(context, argument),
    ),
  ];
}

async function startWith(kind: KindName): Promise<void> {
  await (await import('./new-from-template.ts')).newFromTemplate(kind);
}
