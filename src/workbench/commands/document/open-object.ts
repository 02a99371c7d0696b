import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import {
  kindWord,
  OBJECT_KINDS,
  type ObjectKind,
  type ObjectName,
} from '../../../model/inventory/object-name.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { pickLabel, quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { listObjects } from './list-objects.ts';
import { pickParent } from './pick-parent.ts';

/** Opens the XML of anything that a host has. */
export async function openObject(context: CommandContext, argument: unknown): Promise<void> {
  const host = await pickHost(context, 'Open the XML of something on which host?', argument);
  const kind = host && (await pickKind());
  if (host === undefined || kind === undefined) return;
  try {
    const found = await pickObject(host, kind);
    if (found === undefined) return;
    const { label, name } = found;
    await vscode.window.showTextDocument(objectUri({ ...name, host: host.id }, label));
  } catch (error) {
    await context.presenter.failure(`Could not open XML of ${quoted(host.name)}`, error);
  }
}

async function pickKind(): Promise<ObjectKind | undefined> {
  const items = OBJECT_KINDS.map((kind) => {
    const word = kindWord(kind);
    return { label: word.charAt(0).toUpperCase() + word.slice(1), of: kind };
  });
  return (await vscode.window.showQuickPick(items, { placeHolder: 'The XML of what?' }))?.of;
}

async function pickObject(
  host: Host,
  kind: ObjectKind,
): Promise<{ readonly label: string; readonly name: ObjectName } | undefined> {
  const parent = await pickParent(host, kind);
  if (parent === false) return undefined;
  const objects = await listObjects(await host.connect(), kind, parent.parent);
  const items = objects
    .map(({ key, label }) => ({ label: pickLabel(label), plain: label, key }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  const word = kindWord(kind);
  const placeHolder = items.length === 0 ? `This host has no ${word}` : `Which ${word}?`;
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  return picked === undefined
    ? undefined
    : { label: picked.plain, name: { kind, key: picked.key, ...parent } };
}
