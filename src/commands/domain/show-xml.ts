import * as vscode from 'vscode';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { domainUri } from '../../ui/domain-uri.ts';
import { subjectOf } from './batch.ts';
import type { CommandContext } from '../context.ts';

export async function showXml(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  try {
    for (const target of targets) {
      const document = await vscode.workspace.openTextDocument(domainUri(target));
      await vscode.languages.setTextDocumentLanguage(document, 'xml');
      await vscode.window.showTextDocument(document, { preview: targets.length === 1 });
    }
  } catch (error) {
    await context.presenter.failure(`Could not show the XML of ${subjectOf(targets)}`, error);
  }
}
