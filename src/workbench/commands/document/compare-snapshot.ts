import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { displayName, pickLabel } from '../../ui/names.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from '../domain/batch.ts';
import { domainAddress, nameIn } from './domain-address.ts';
import { inform } from '../../ui/notices.ts';
import { choose } from '../../ui/choose.ts';

/** Shows the XML that a snapshot kept of a domain beside its definition, which can be edited there. */
export async function compareSnapshot(
  context: CommandContext,
  [target]: readonly DomainTarget[],
): Promise<void> {
  if (target === undefined) return;
  const { host, uuid } = target;
  try {
    const snapshot = await pickSnapshot(target);
    if (snapshot === undefined) return;
    const name = nameIn(target);
    const address = {
      kind: 'snapshot',
      host: host.alias,
      key: snapshot,
      parent: uuid,
      view: 'domain',
    } as const;
    await vscode.commands.executeCommand(
      'vscode.diff',
      objectUri(address, t('{0} at {1}', name, snapshot)),
      objectUri(domainAddress(target), name),
      t('{0}: Snapshot {1} ↔ Now', displayName(name), displayName(snapshot)),
    );
  } catch (error) {
    await context.presenter.failure(t('Could not compare {0} with a snapshot.', nameOf(target)), error);
  }
}

async function pickSnapshot(target: DomainTarget): Promise<string | undefined> {
  const connection = await target.host.connect();
  const domain = await connection.domains.lookupByUuid(target.uuid);
  const snapshots = await connection.snapshots.list(domain);
  if (snapshots.length === 0) {
    await inform(t('{0} has no snapshots.', nameOf(target)));
    return undefined;
  }
  const items = snapshots.map(({ name }) => ({ label: pickLabel(name), name }));
  const placeHolder = t('Compare {0} with which snapshot?', nameOf(target));
  return (await choose(items, { placeHolder }))?.name;
}
