import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from '../domain/batch.ts';
import { domainAddress, nameIn } from './domain-address.ts';

/** What domains run with now, read-only. */
export async function showLiveXml(
  { presenter }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets) {
    try {
      const uri = objectUri(domainAddress(target, 'live'), nameIn(target));
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: targets.length === 1 });
    } catch (error) {
      await presenter.failure(t('Could not show the live XML of {0}.', nameOf(target)), error);
      return;
    }
  }
}
