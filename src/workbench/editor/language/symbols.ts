import * as vscode from 'vscode';
import { shortName } from '../../../language/xml/short-name.ts';
import type { XmlElement } from '../../../language/xml/tree.ts';
import { displayName } from '../../ui/names.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';
import { outlineName } from './outline-names.ts';

const MAX_NAME = 60;

const KINDS: Readonly<Record<string, vscode.SymbolKind>> = {
  domain: vscode.SymbolKind.Module,
  network: vscode.SymbolKind.Module,
  pool: vscode.SymbolKind.Module,
  devices: vscode.SymbolKind.Namespace,
  os: vscode.SymbolKind.Namespace,
  features: vscode.SymbolKind.Namespace,
  metadata: vscode.SymbolKind.Namespace,
};

/** The outline and the breadcrumbs: each element, with what tells it from its siblings. */
export class Symbols implements vscode.DocumentSymbolProvider {
  readonly #documents: LibvirtDocuments;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
  }

  provideDocumentSymbols(source: vscode.TextDocument): vscode.DocumentSymbol[] {
    const document = this.#documents.get(source);
    const root = document?.xml.root;
    return document === undefined || root === undefined ? [] : [symbolOf(document, root)];
  }
}

function symbolOf(document: LibvirtDocument, element: XmlElement): vscode.DocumentSymbol {
  const what = displayName(outlineName(element));
  const short = what.length > MAX_NAME ? `${what.slice(0, MAX_NAME - 1)}…` : what;
  const hasElements = element.children.some((node) => node.kind === 'element');
  const symbol = new vscode.DocumentSymbol(
    `${element.name === '' ? '…' : displayName(shortName(element.name))}${short === '' ? '' : ` ${short}`}`,
    '',
    KINDS[element.key] ?? (hasElements ? vscode.SymbolKind.Object : vscode.SymbolKind.Property),
    document.range(element),
    document.range({ start: element.nameStart, end: element.nameEnd }),
  );
  symbol.children = element.children.flatMap((node) =>
    node.kind === 'element' ? [symbolOf(document, node)] : [],
  );
  return symbol;
}
