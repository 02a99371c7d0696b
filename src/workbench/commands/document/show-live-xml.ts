import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import type { CommandContext } from '../context.ts';
import { subjectOf } from '../domain/batch.ts';
import { domainAddress, nameIn } from './domain-address.ts';

/** What domains run with now, read-only. */
export async function showLiveXml(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  try {
    for (const target of targets) {
      const uri = objectUri(domainAddress(target, 'live'), nameIn(target));
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: targets.length === 1 });
    }
  } catch (error) {
    await context.presenter.failure(`Could not show the live XML of ${subjectOf(targets)}`, error);
  }
}
