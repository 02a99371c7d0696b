import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { closingTagAt, doubledAt, type Replacement } from './closing-tag.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';
import { movedPlace, WrittenTags } from './written-tags.ts';

/** VS Code refuses an edit of a text that has changed since. Then it is made again for what is there by then. */
const TRIES = 50;
const PAUSE_MS = 40;

/**
 * Writes the end tag when a person types the `>` of a start tag, or `</`. Whoever types end tags by hand gets no second
 * one: what was written before they came to it, or while they went on, makes way.
 */
export class AutoClose implements vscode.Disposable {
  readonly #documents: LibvirtDocuments;
  readonly #listener: vscode.Disposable;
  readonly #written = new WeakMap<vscode.TextDocument, WrittenTags>();
  /** What is about to be written: it counts once the text has it. */
  #expected: Replacement | undefined;
  /** Ends of end tags that were typed by hand, in the document that is edited, until nothing is there twice. */
  #places = new Set<{ at: number }>();

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => void this.#changed(event));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): Promise<void> {
    const written = this.#follow(document, contentChanges);
    if (reason !== undefined) written?.forget();
    const [change] = contentChanges;
    if (change === undefined || contentChanges.length !== 1 || reason !== undefined) return;
    if (change.rangeLength !== 0 || (change.text !== '>' && change.text !== '/')) return;
    const editor = vscode.window.activeTextEditor;
    if (editor?.document !== document || editor.selections.length !== 1) return;
    const setting = vscode.workspace.getConfiguration('editor', document).get('autoClosingBrackets');
    if (setting !== 'never') await this.#close(editor, change.rangeOffset + 1);
  }

  async #close(editor: vscode.TextEditor, offset: number): Promise<void> {
    const xml = this.#documents.get(editor.document)?.xml;
    if (xml === undefined) return;
    const written = this.#writtenIn(editor.document);
    const closing = closingTagAt(xml, offset, written);
    if (closing !== undefined) await this.#write(editor, closing);
    else if (doubledAt(xml.text, offset, written) !== undefined) await this.#removeDouble(editor, offset);
  }

  /** Not at all when the text has changed by the time VS Code gets to it. */
  async #write(editor: vscode.TextEditor, closing: Replacement): Promise<void> {
    this.#expected = closing;
    await editor.insertSnippet(snippet(closing), rangeOf(editor.document, closing), {
      undoStopBefore: false,
      undoStopAfter: true,
    });
  }

  async #removeDouble(editor: vscode.TextEditor, offset: number): Promise<void> {
    const { document } = editor;
    const place = { at: offset };
    this.#places.add(place);
    try {
      for (let tries = 0; tries < TRIES; tries++) {
        const doubled = doubledAt(document.getText(), place.at, this.#writtenIn(document));
        if (doubled === undefined) return;
        const range = rangeOf(document, doubled);
        const options = { undoStopBefore: false, undoStopAfter: false };
        if (await editor.edit((edit) => edit.delete(range), options)) return;
        await sleep(PAUSE_MS);
      }
    } finally {
      this.#places.delete(place);
    }
  }

  #follow(
    document: vscode.TextDocument,
    changes: readonly vscode.TextDocumentContentChangeEvent[],
  ): WrittenTags | undefined {
    const written = this.#written.get(document);
    if (written === undefined) return undefined;
    written.follow(changes);
    for (const change of changes) {
      for (const place of this.#places) place.at = movedPlace(place.at, change);
      const { rangeOffset, text } = change;
      const expected = this.#expected;
      if (expected?.start !== rangeOffset || expected.text !== text) continue;
      const start = text.startsWith('</') ? rangeOffset : rangeOffset - 2;
      written.add(text.slice(text.startsWith('</') ? 2 : 0, -1), start);
      this.#expected = undefined;
    }
    return written;
  }

  #writtenIn(document: vscode.TextDocument): WrittenTags {
    const known = this.#written.get(document);
    if (known !== undefined) return known;
    const written = new WrittenTags();
    this.#written.set(document, written);
    return written;
  }
}

function rangeOf(document: vscode.TextDocument, { start, end }: Replacement): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The cursor stays before a whole end tag, and goes behind the rest of one. */
function snippet({ text }: Replacement): vscode.SnippetString {
  const escaped = text.replaceAll(/[\\$}]/g, String.raw`\$&`);
  return new vscode.SnippetString(text.startsWith('</') ? `$0${escaped}` : `${escaped}$0`);
}
