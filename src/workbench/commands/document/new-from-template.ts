import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { KindName } from '../../../model/inventory/kinds/kind.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import { choose } from '../../ui/choose.ts';
import type { CommandContext } from '../context.ts';

/** Opens an untitled document that starts as one of our templates, its name selected. */
export async function newFromTemplate(context: CommandContext, name: KindName): Promise<void> {
  const { words, xml } = kindOf(name);
  const template = await choose([...((await xml.templates?.()) ?? [])], {
    title: words.many,
    placeHolder: t('Start from which template?'),
    matchOnDetail: true,
  });
  if (template === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'xml', content: template.xml });
  const editor = await vscode.window.showTextDocument(document);
  const [only, second] = context.inventory.hosts;
  const host = context.selectedHost() ?? (second === undefined ? only : undefined);
  // What the host has is proposed and checked from the first line on, and the status bar says which it is.
  if (host?.status.kind === 'connected') await context.documents.setHost(document.uri, host);
  const placed = /(?<=<name>)[^<]*/.exec(template.xml);
  if (placed === null) return;
  const start = document.positionAt(placed.index);
  editor.selection = new vscode.Selection(start, document.positionAt(placed.index + placed[0].length));
}
