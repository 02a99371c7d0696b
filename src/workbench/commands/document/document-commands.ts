import type * as vscode from 'vscode';
import { register } from '../../ui/commands.ts';
import type { CommandContext } from '../context.ts';
import type { KindName } from '../../../model/inventory/kinds/kind.ts';

/** The commands about XML documents of all kinds of objects. Nothing of them is loaded before it is used. */
export function registerDocumentCommands(context: CommandContext): readonly vscode.Disposable[] {
  return [
    register('kvm.document.newDomain', () => startWith(context, 'domain')),
    register('kvm.document.newNetwork', () => startWith(context, 'network')),
    register('kvm.document.newPool', () => startWith(context, 'pool')),
    register('kvm.document.newVolume', () => startWith(context, 'volume')),
    register('kvm.document.newSnapshot', () => startWith(context, 'snapshot')),
    register('kvm.document.define', async (argument: unknown) =>
      (await import('./define-on-host.ts')).defineOnHost(context, argument),
    ),
    register('kvm.document.open', async (argument: unknown) =>
      (await import('./open-object.ts')).openObject(context, argument),
    ),
    register('kvm.document.applyLive', (argument) => applyLive(context, argument)),
  ];
}

/** Also for other faces, which have the document at hand. */
export async function applyLive(context: CommandContext, argument: unknown): Promise<void> {
  await (await import('./apply-live.ts')).applyLive(context, argument);
}

async function startWith(context: CommandContext, kind: KindName): Promise<void> {
  await (await import('./new-from-template.ts')).newFromTemplate(context, kind);
}
