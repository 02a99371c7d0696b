import * as vscode from 'vscode';
import { parseDocument } from 'yaml';

/** Sets something in a kvm.yaml without touching the rest of it, comments included. Makes the file where it is missing. */
export async function setInFile(uri: vscode.Uri, path: readonly string[], value: unknown): Promise<void> {
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  // What was typed and not saved yet is kept.
  if (open?.isDirty === true) await open.save();
  const text = (await exists(uri))
    ? Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8')
    : '';
  const document = parseDocument(text === '' ? 'guests: {}\n' : text);
  if (text === '') document.setIn(['guests'], document.createNode({}, { flow: false }));
  document.setIn(path, document.createNode(value));
  await vscode.workspace.fs.writeFile(uri, Buffer.from(document.toString({ lineWidth: 0 })));
}

export function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}
