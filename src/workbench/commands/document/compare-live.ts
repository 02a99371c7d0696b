import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { displayName } from '../../ui/names.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from '../domain/batch.ts';
import { domainAddress, nameIn } from './domain-address.ts';

/** Shows the live XML of a domain beside its definition, which can be edited there. */
export async function compareLive(context: CommandContext, [target]: readonly DomainTarget[]): Promise<void> {
  if (target === undefined) return;
  const name = nameIn(target);
  try {
    await vscode.commands.executeCommand(
      'vscode.diff',
      objectUri(domainAddress(target, 'live'), name),
      objectUri(domainAddress(target), name),
      t('{0}: Live ↔ Persistent', displayName(name)),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not compare the XML of {0}.', nameOf(target)), error);
  }
}
