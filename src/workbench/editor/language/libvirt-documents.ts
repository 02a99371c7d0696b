import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { Analysis } from '../../../language/schema/analysis.ts';
import type { Diagnostic } from '../../../language/schema/diagnostic.ts';
import { checkDocument } from '../../../language/checks/check-document.ts';
import type { Finding } from '../../../language/checks/finding.ts';
import { diagnose } from '../../../language/schema/validate.ts';
import { kindOfDocument, mayBeRoot } from '../../../language/schema/document-kind.ts';
import type { DocumentKind } from '../../../language/schema/kinds.ts';
import { MAX_LENGTH, parseDocument } from '../../../language/xml/parse.ts';
import type { TextRange, XmlDocument } from '../../../language/xml/tree.ts';
import { addressOf, LIBVIRT_SCHEME } from '../../ui/domain-uri.ts';
import type { DocumentHosts } from './host/document-hosts.ts';
import { rootNameOf } from './root-name.ts';
import type { Schemas } from './schemas.ts';

/** One state of a libvirt document, parsed, with the schema and the host that it belongs to. */
export class LibvirtDocument {
  readonly source: vscode.TextDocument;
  readonly version: number;
  readonly kind: DocumentKind;
  readonly xml: XmlDocument;
  readonly host: Host | undefined;
  readonly #schemas: Schemas;
  #analysis: Analysis | undefined;
  #doubts: readonly Finding[] | undefined;
  #problems: { readonly analysis: Analysis | undefined; readonly found: readonly Diagnostic[] } | undefined;

  constructor(
    source: vscode.TextDocument,
    kind: DocumentKind,
    xml: XmlDocument,
    host: Host | undefined,
    schemas: Schemas,
  ) {
    this.source = source;
    this.version = source.version;
    this.kind = kind;
    this.xml = xml;
    this.host = host;
    this.#schemas = schemas;
  }

  /** The document seen through its schema; undefined where there is no schema of its kind. */
  get analysis(): Analysis | undefined {
    const schema = this.#schemas.get(this.kind, this.host);
    if (schema === undefined) return undefined;
    if (this.#analysis?.schema !== schema) this.#analysis = new Analysis(this.xml, schema);
    return this.#analysis;
  }

  /** Everything that is wrong with the XML or against its schema, wherever the cursor is. */
  get problems(): readonly Diagnostic[] {
    const { analysis } = this;
    if (this.#problems === undefined || this.#problems.analysis !== analysis)
      this.#problems = {
        analysis,
        found: analysis === undefined ? syntaxProblems(this.xml) : diagnose(analysis),
      };
    return this.#problems.found;
  }

  /** What the schema allows and libvirt refuses, or what was hardly meant. For documents without errors. */
  get doubts(): readonly Finding[] {
    return (this.#doubts ??= checkDocument(this.xml));
  }

  range({ start, end }: TextRange): vscode.Range {
    return new vscode.Range(this.source.positionAt(start), this.source.positionAt(end));
  }

  edits(edits: readonly (TextRange & { readonly text: string })[]): vscode.TextEdit[] {
    return edits.map((edit) => new vscode.TextEdit(this.range(edit), edit.text));
  }
}

/** Knows which of the open documents are libvirt's, and reads each state of them once. */
export class LibvirtDocuments implements vscode.Disposable {
  readonly #hosts: DocumentHosts;
  readonly #schemas: Schemas;
  readonly #known = new WeakMap<vscode.TextDocument, LibvirtDocument | { readonly version: number }>();

  constructor(hosts: DocumentHosts, schemas: Schemas) {
    this.#hosts = hosts;
    this.#schemas = schemas;
  }

  /** Undefined when it is not libvirt's XML, or no XML at all. */
  get(source: vscode.TextDocument): LibvirtDocument | undefined {
    const known = this.#known.get(source);
    const host = this.#hosts.of(source.uri);
    if (known?.version === source.version) {
      if (!(known instanceof LibvirtDocument)) return undefined;
      if (known.host === host) return known;
    }
    const read = this.#read(source, host);
    this.#known.set(source, read ?? { version: source.version });
    return read;
  }

  dispose(): void {
    this.#schemas.dispose();
  }

  #read(source: vscode.TextDocument, host: Host | undefined): LibvirtDocument | undefined {
    if (!mayBeLibvirts(source)) return undefined;
    const xml = parseDocument(source.getText());
    const kind = kindOfDocument(xml, kindHint(source.uri));
    return kind === undefined ? undefined : new LibvirtDocument(source, kind, xml, host, this.#schemas);
  }
}

/** What can be told without a schema. */
function syntaxProblems({ problems }: XmlDocument): Diagnostic[] {
  return problems.map((problem) => ({ severity: 'error', expected: [], suggestions: [], ...problem }));
}

/** A quick look, before anything is parsed. */
function mayBeLibvirts(source: vscode.TextDocument): boolean {
  if (source.uri.scheme === LIBVIRT_SCHEME) return true;
  // Nobody can edit the old side of a comparison.
  if (source.languageId !== 'xml' || source.uri.scheme === 'git') return false;
  const text = source.getText();
  const root = text.length > MAX_LENGTH ? undefined : rootNameOf(text);
  return root !== undefined && mayBeRoot(root);
}

/** Documents of hosts say in their address what they are; a snapshot's may be the domain that it keeps. */
function kindHint(uri: vscode.Uri): string | undefined {
  const address = addressOf(uri);
  return address?.view === 'domain' ? 'domain' : address?.kind;
}
