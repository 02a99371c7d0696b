import type * as vscode from 'vscode';
import { formatEdits } from '../../../language/xml/format.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

/** libvirt's own layout, for a document or a part of it. What is not well-formed is left alone. */
export class Formatting
  implements vscode.DocumentFormattingEditProvider, vscode.DocumentRangeFormattingEditProvider
{
  readonly #documents: LibvirtDocuments;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
  }

  provideDocumentFormattingEdits(
    source: vscode.TextDocument,
    options: vscode.FormattingOptions,
  ): vscode.TextEdit[] {
    const document = this.#documents.get(source);
    return document === undefined ? [] : this.#edits(document, options);
  }

  provideDocumentRangeFormattingEdits(
    source: vscode.TextDocument,
    range: vscode.Range,
    options: vscode.FormattingOptions,
  ): vscode.TextEdit[] {
    const document = this.#documents.get(source);
    return document === undefined ? [] : this.#edits(document, options, range);
  }

  #edits(
    document: LibvirtDocument,
    { insertSpaces, tabSize }: vscode.FormattingOptions,
    range?: vscode.Range,
  ): vscode.TextEdit[] {
    const { source, xml } = document;
    const unit = unitOf(xml.text) ?? (insertSpaces ? ' '.repeat(tabSize) : '\t');
    const offsets = range && { start: source.offsetAt(range.start), end: source.offsetAt(range.end) };
    return document.edits(formatEdits(xml, { unit, ...(offsets && { range: offsets }) }));
  }
}

/** libvirt's two spaces, unless the document is clearly indented with something else. */
function unitOf(text: string): string | undefined {
  return /\n\t+</.test(text.slice(0, 10_000)) ? undefined : '  ';
}
