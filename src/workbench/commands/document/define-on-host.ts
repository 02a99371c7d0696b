import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { kindForRoot } from '../../../model/inventory/kinds/kinds.ts';
import { defineObject, type Defined } from '../../../model/inventory/objects.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { asSentence } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement, textOf } from '../../../language/xml/tree.ts';
import type { CommandContext } from '../context.ts';
import { hostForXml } from '../pick-host.ts';
import { mayReplace } from './may-replace.ts';
import { pickParent } from './pick-parent.ts';
import { tellBriefly } from '../../ui/notices.ts';

/** Defines what a document describes, and opens the object's own document, where saving redefines it. */
export async function defineOnHost(context: CommandContext, argument: unknown): Promise<void> {
  const document = await documentOf(argument);
  if (document === undefined) return;
  const text = document.getText();
  const { root, problems } = parseDocument(text);
  const kind = root && kindForRoot(root.key);
  const [problem] = problems;
  if (problem !== undefined || kind?.xml.define === undefined) {
    const reason = problem?.message ?? t('Its root element is not one of an object that libvirt can define.');
    await context.presenter.refusal(
      `${t('There is nothing to define in this document.')} ${asSentence(reason)}`,
    );
    return;
  }
  const name = root && childElement(root, 'name');
  const label = (name && textOf(name).trim()) ?? kind.words.one;
  const host = await hostForXml(context, document.uri, t('Define {0} on Which Host?', quoted(label)));
  if (host === undefined) return;
  try {
    const parent = await pickParent(host, kind);
    if (parent === false || !(await mayReplace(host, kind, text))) return;
    const defined = await withProgress(t('Defining {0} on {1}', quoted(label), quoted(host.name)), () =>
      defineObject(host, kind.name, text, parent),
    );
    await goOn(document, host, defined, label);
  } catch (error) {
    await context.presenter.failure(
      t('Could not define {0} on {1}.', quoted(label), quoted(host.name)),
      error,
    );
  }
}

async function documentOf(argument: unknown): Promise<vscode.TextDocument | undefined> {
  if (argument instanceof vscode.Uri) return vscode.workspace.openTextDocument(argument);
  return vscode.window.activeTextEditor?.document;
}

/** An untitled document has become the object; a file stays a file, beside it. */
async function goOn(
  document: vscode.TextDocument,
  host: Host,
  { name }: Defined,
  label: string,
): Promise<void> {
  const uri = objectUri({ ...name, host: host.alias }, label === '' ? name.key : label);
  const created = await vscode.workspace.openTextDocument(uri);
  if (document.isUntitled) await closeUntitled(document);
  await vscode.window.showTextDocument(created, { preview: false });
  tellBriefly(t('{0} is defined on {1}', label, host.name));
}

/** Nothing is lost: the host has it. Closing an untitled document with text would ask all the same. */
async function closeUntitled(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
