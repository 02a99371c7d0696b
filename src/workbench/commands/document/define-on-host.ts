import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { kindForRoot } from '../../../model/inventory/kinds/kinds.ts';
import { defineObject, type Defined } from '../../../model/inventory/objects.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement, textOf } from '../../../language/xml/tree.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { mayReplace } from './may-replace.ts';
import { pickParent } from './pick-parent.ts';

/** Makes an object of a document and goes on with the object's own document, from where saving redefines it. */
export async function defineOnHost(context: CommandContext, argument: unknown): Promise<void> {
  const document = await documentOf(argument);
  if (document === undefined) return;
  const text = document.getText();
  const { root, problems } = parseDocument(text);
  const kind = root && kindForRoot(root.key);
  const [problem] = problems;
  if (problem !== undefined || kind?.xml.define === undefined) {
    const reason = problem?.message ?? 'Its root element is none that libvirt defines objects by.';
    await context.presenter.refusal(`There is nothing to define in this document. ${reason}`);
    return;
  }
  const word = kind.words.one;
  const host = await pickHost(context, `Define the ${word} on which host?`);
  if (host === undefined) return;
  try {
    const parent = await pickParent(host, kind);
    if (parent === false || !(await mayReplace(host, kind, text))) return;
    const defined = await withProgress(`Defining a ${word} on ${quoted(host.name)}`, async () =>
      defineObject(await host.connect(), kind.name, text, parent),
    );
    const name = root === undefined ? undefined : childElement(root, 'name');
    await goOn(document, host, defined, name === undefined ? '' : textOf(name).trim());
  } catch (error) {
    await context.presenter.failure(`Could not define the ${word} on ${quoted(host.name)}`, error);
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
  await host.refresh(name);
  const uri = objectUri({ ...name, host: host.alias }, label === '' ? name.key : label);
  const created = await vscode.workspace.openTextDocument(uri);
  if (document.isUntitled) await closeUntitled(document);
  await vscode.window.showTextDocument(created, { preview: false });
  vscode.window.setStatusBarMessage(`$(check) ${label} is defined on ${host.name}`, 5_000);
}

/** Nothing is lost: the host has it. Closing an untitled document with text would ask all the same. */
async function closeUntitled(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
