import * as vscode from 'vscode';
import type { XmlNode } from '../../../language/xml/tree.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

/** Elements and comments that span lines can be folded; the end tag stays visible. */
export class Folding implements vscode.FoldingRangeProvider {
  readonly #documents: LibvirtDocuments;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
  }

  provideFoldingRanges(source: vscode.TextDocument): vscode.FoldingRange[] {
    const document = this.#documents.get(source);
    const ranges: vscode.FoldingRange[] = [];
    if (document !== undefined) addRanges(document, document.xml.children, ranges);
    return ranges;
  }
}

function addRanges(
  document: LibvirtDocument,
  nodes: readonly XmlNode[],
  ranges: vscode.FoldingRange[],
): void {
  for (const node of nodes) {
    if (node.kind === 'text') continue;
    const start = document.source.positionAt(node.start).line;
    const end = document.source.positionAt(node.end).line;
    const isComment = node.kind === 'comment';
    const last = isComment || (node.kind === 'element' && node.endTag === undefined) ? end : end - 1;
    if (last > start)
      ranges.push(
        new vscode.FoldingRange(start, last, isComment ? vscode.FoldingRangeKind.Comment : undefined),
      );
    if (node.kind === 'element') addRanges(document, node.children, ranges);
  }
}
