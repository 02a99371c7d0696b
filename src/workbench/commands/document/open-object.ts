import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import type { Kind, ObjectName } from '../../../model/inventory/kinds/kind.ts';
import { allKinds } from '../../../model/inventory/kinds/kinds.ts';
import { listObjects } from '../../../model/inventory/objects.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { pickLabel, quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { pickParent } from './pick-parent.ts';
import { choose } from '../../ui/choose.ts';

/** Opens the XML of anything that a host has. */
export async function openObject(context: CommandContext, argument: unknown): Promise<void> {
  const host = await pickHost(context, t('Open XML from which host?'), argument);
  const kind = host && (await pickKind());
  if (host === undefined || kind === undefined) return;
  try {
    const found = await pickObject(host, kind);
    if (found === undefined) return;
    const { label, name } = found;
    await vscode.window.showTextDocument(objectUri({ ...name, host: host.alias }, label));
  } catch (error) {
    await context.presenter.failure(t('Could not open XML from {0}.', quoted(host.name)), error);
  }
}

async function pickKind(): Promise<Kind | undefined> {
  const items = allKinds().map((kind) => ({ label: kind.words.many, of: kind }));
  return (await choose(items, { placeHolder: t('Open the XML of which kind of object?') }))?.of;
}

async function pickObject(
  host: Host,
  kind: Kind,
): Promise<{ readonly label: string; readonly name: ObjectName } | undefined> {
  const parent = await pickParent(host, kind);
  if (parent === false) return undefined;
  const objects = await listObjects(await host.connect(), kind.name, parent.parent);
  const items = [...objects]
    .map(([key, { name }]) => ({ label: pickLabel(name), plain: name, key }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  const placeHolder = items.length === 0 ? t('None on this host') : t('Open which one?');
  const picked = await choose(items, { title: kind.words.many, placeHolder });
  return picked === undefined
    ? undefined
    : { label: picked.plain, name: { kind: kind.name, key: picked.key, ...parent } };
}
