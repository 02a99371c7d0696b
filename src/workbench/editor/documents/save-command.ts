import * as vscode from 'vscode';
import { LIBVIRT_SCHEME } from '../../ui/domain-uri.ts';
import type { HostDocuments } from './host-documents.ts';

/** Saves the document in front, unless there is something to ask and the answer is no. */
export async function saveInFront(documents: HostDocuments): Promise<void> {
  const document = documentInFront();
  if (document === undefined || (document.isDirty && !(await documents.maySave(document)))) return;
  await document.save();
}

/** Of a comparison, the side that can be edited. */
function documentInFront(): vscode.TextDocument | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    input instanceof vscode.TabInputTextDiff
      ? input.modified
      : input instanceof vscode.TabInputText
        ? input.uri
        : undefined;
  if (uri?.scheme !== LIBVIRT_SCHEME) return undefined;
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}
