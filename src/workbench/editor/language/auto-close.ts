import * as vscode from 'vscode';
import type { XmlDocument } from '../../../language/xml/tree.ts';
import { closingTagAt } from './closing-tag.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';

/** Writes the end tag when a person types the `>` of a start tag, or `</`. */
export class AutoClose implements vscode.Disposable {
  readonly #documents: LibvirtDocuments;
  readonly #listener: vscode.Disposable;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => void this.#close(event));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #close({ document: source, contentChanges, reason }: vscode.TextDocumentChangeEvent): Promise<void> {
    const [change] = contentChanges;
    if (change === undefined || contentChanges.length !== 1 || reason !== undefined) return;
    if (change.rangeLength !== 0 || (change.text !== '>' && change.text !== '/')) return;
    const editor = vscode.window.activeTextEditor;
    if (editor?.document !== source || editor.selections.length !== 1) return;
    const setting = vscode.workspace.getConfiguration('editor', source).get('autoClosingBrackets');
    const document = setting === 'never' ? undefined : this.#documents.get(source);
    if (document === undefined) return;
    const { version } = source;
    const offset = change.rangeOffset + 1;
    const text = closingTag(document.xml, offset, change.text);
    if (text === undefined || source.version !== version) return;
    await editor.insertSnippet(new vscode.SnippetString(text), source.positionAt(offset), {
      undoStopBefore: false,
      undoStopAfter: true,
    });
  }
}

function closingTag(xml: XmlDocument, offset: number, typed: string): string | undefined {
  const name = closingTagAt(xml, offset);
  if (name === undefined) return undefined;
  const escaped = name.replaceAll(/[\\$}]/g, String.raw`\$&`);
  return typed === '>' ? `$0</${escaped}>` : `${escaped}>$0`;
}
