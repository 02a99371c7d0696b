import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableList } from '../../ui/disposable-list.ts';
import type { Diagnostic } from '../../../language/schema/diagnostic.ts';
import { holdBack } from '../../../language/schema/calm.ts';
import { displayName } from '../../ui/names.ts';
import type { Finding } from '../../../language/checks/finding.ts';
import type { HostWarnings } from './host/host-warnings.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

/** Soon after a change everything is shown except what is at the cursor; after a longer pause, that too. */
const CALM_MS = 150;
const ALL_MS = 1500;
const MAX_SHOWN = 500;

const SOURCE = 'libvirt';

/** Shows what is wrong with every open libvirt document, a moment after it changes. */
export class Diagnostics implements vscode.Disposable {
  readonly #documents: LibvirtDocuments;
  readonly #hostWarnings: HostWarnings;
  readonly #collection = vscode.languages.createDiagnosticCollection(SOURCE);
  readonly #timers = new Map<vscode.TextDocument, NodeJS.Timeout[]>();
  readonly #disposables: DisposableList;

  constructor(documents: LibvirtDocuments, hostWarnings: HostWarnings) {
    this.#documents = documents;
    this.#hostWarnings = hostWarnings;
    this.#disposables = new DisposableList(
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.#soon(document)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#soon(document, true);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      hostWarnings.onDidChange(() => this.refresh()),
    );
    this.refresh();
  }

  /** Looks at every document again, since a schema or a host has changed. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document);
  }

  dispose(): void {
    for (const document of this.#timers.keys()) this.#cancel(document);
    this.#disposables.dispose();
  }

  #soon(document: vscode.TextDocument, isTyping = false): void {
    this.#cancel(document);
    if (this.#documents.get(document) === undefined) {
      this.#collection.delete(document.uri);
      return;
    }
    const timers = [setTimeout(() => this.#show(document, isTyping), CALM_MS)];
    if (isTyping) timers.push(setTimeout(() => this.#show(document, false), ALL_MS));
    this.#timers.set(document, timers);
  }

  #cancel(document: vscode.TextDocument): void {
    for (const timer of this.#timers.get(document) ?? []) clearTimeout(timer);
    this.#timers.delete(document);
  }

  #forget(document: vscode.TextDocument): void {
    this.#cancel(document);
    this.#collection.delete(document.uri);
  }

  #show(source: vscode.TextDocument, isCalm: boolean): void {
    if (source.isClosed) return;
    const document = this.#documents.get(source);
    if (document === undefined) return this.#collection.delete(source.uri);
    const cursor = isCalm ? cursorIn(source) : undefined;
    const { problems } = document;
    const shown = cursor === undefined ? problems : holdBack(document.xml, problems, cursor);
    const findings = shown.some(({ severity }) => severity === 'error') ? [] : this.#findings(document);
    const all = [
      ...shown.map((problem) => toDiagnostic(document, problem)),
      ...findings
        .filter(({ start, end }) => cursor === undefined || cursor < start || cursor > end)
        .map((finding) => toWarning(document, finding)),
    ];
    this.#set(source.uri, all.slice(0, MAX_SHOWN));
  }

  /** Does nothing when the same diagnostics are shown already, since setting them closes an open hover. */
  #set(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): void {
    const shown = this.#collection.get(uri) ?? [];
    const isSame =
      shown.length === diagnostics.length &&
      shown.every((each, index) => {
        const other = diagnostics[index];
        return (
          other !== undefined &&
          each.message === other.message &&
          each.severity === other.severity &&
          each.range.isEqual(other.range)
        );
      });
    if (!isSame || !this.#collection.has(uri)) this.#collection.set(uri, diagnostics);
  }

  /** What a schema cannot say. Only asked when the schema finds no errors. */
  #findings(document: LibvirtDocument): readonly Finding[] {
    return [...document.doubts, ...this.#hostWarnings.of(document)];
  }
}

const SEVERITIES: Readonly<Record<Diagnostic['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
};

/** What VS Code shows for a problem. */
export function toDiagnostic(document: LibvirtDocument, problem: Diagnostic): vscode.Diagnostic {
  const severity = SEVERITIES[problem.severity];
  const diagnostic = new vscode.Diagnostic(document.range(problem), displayName(problem.message), severity);
  diagnostic.source = SOURCE;
  diagnostic.code = problem.code;
  return diagnostic;
}

export function toWarning(document: LibvirtDocument, finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    document.range(finding),
    displayName(finding.message),
    vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = SOURCE;
  diagnostic.code = codeOf(finding);
  if (finding.related !== undefined) {
    const location = new vscode.Location(document.source.uri, document.range(finding.related));
    diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(location, t('The other one'))];
  }
  return diagnostic;
}

/** The code leads to where libvirt explains it. */
function codeOf({ code, reference }: Finding): NonNullable<vscode.Diagnostic['code']> {
  return reference === undefined
    ? code
    : { value: code, target: vscode.Uri.parse(`https://libvirt.org/${reference}`) };
}

function cursorIn(document: vscode.TextDocument): number | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document === document ? document.offsetAt(editor.selection.active) : undefined;
}
