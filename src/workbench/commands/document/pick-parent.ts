import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import type { ObjectKind } from '../../../model/inventory/object-name.ts';
import { pickLabel } from '../../ui/names.ts';

/** Asks what a volume or a snapshot goes to; false when a person does not say. */
export async function pickParent(host: Host, kind: ObjectKind): Promise<{ parent?: string } | false> {
  if (kind !== 'volume' && kind !== 'snapshot') return {};
  const connection = await host.connect();
  const parents = await (kind === 'volume' ? connection.storagePools.list() : connection.domains.list());
  const items = parents
    .map(({ name, uuid }) => ({ label: pickLabel(name), uuid }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  const placeHolder = kind === 'volume' ? 'In which storage pool?' : 'Of which domain?';
  const picked = await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true });
  return picked === undefined ? false : { parent: picked.uuid };
}
