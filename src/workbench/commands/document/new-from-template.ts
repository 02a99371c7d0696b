import * as vscode from 'vscode';
import { kindWord } from '../../../model/inventory/object-name.ts';
import { type TemplateKind, TEMPLATES } from './templates.ts';

/** Opens an untitled document that starts as one of our templates, its name selected. */
export async function newFromTemplate(kind: TemplateKind): Promise<void> {
  const placeHolder = `What should the new ${kindWord(kind)} start as?`;
  const template = await vscode.window.showQuickPick([...TEMPLATES[kind]], {
    placeHolder,
    matchOnDetail: true,
  });
  if (template === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'xml', content: template.xml });
  const editor = await vscode.window.showTextDocument(document);
  const name = /(?<=<name>)[^<]*/.exec(template.xml);
  if (name === null) return;
  const start = document.positionAt(name.index);
  editor.selection = new vscode.Selection(start, document.positionAt(name.index + name[0].length));
}
