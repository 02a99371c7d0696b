import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TextRange } from '../../../language/xml/tree.ts';
import { LineIndex } from '../../../language/xml/line-index.ts';
import type { Entry } from './entry.ts';
import { placeOfRefusal } from './refusal.ts';

const SOURCE = 'libvirt';

/** Shows what hosts say about texts, on the lines they speak of, and marks unsaved texts that are behind their host. */
export class Refusals implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly onDidChangeFileDecorations: vscode.Event<vscode.Uri>;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('kvm.host');
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #behind = new Set<string>();
  readonly #registration: vscode.Disposable;

  constructor() {
    this.onDidChangeFileDecorations = this.#changed.event;
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (!this.#behind.has(uri.toString())) return undefined;
    return {
      badge: '≠',
      tooltip: t('Changed on the host since it was opened'),
      color: new vscode.ThemeColor('list.warningForeground'),
    };
  }

  clear(uri: vscode.Uri): void {
    this.#diagnostics.delete(uri);
  }

  /** Shows libvirt's own words on the line it names, else on the part that it seems to speak of. */
  show(uri: vscode.Uri, text: string, message: string, severity = vscode.DiagnosticSeverity.Error): void {
    this.showAt(uri, text, placeOfRefusal(text, message), message, severity);
  }

  showAt(
    uri: vscode.Uri,
    text: string,
    { start, end }: TextRange,
    message: string,
    severity = vscode.DiagnosticSeverity.Error,
  ): void {
    const lines = new LineIndex(text);
    const from = lines.positionAt(start);
    const to = lines.positionAt(end);
    const range = new vscode.Range(from.line, from.column, to.line, to.column);
    const diagnostic = new vscode.Diagnostic(range, message, severity);
    diagnostic.source = SOURCE;
    this.#diagnostics.set(uri, [diagnostic]);
  }

  /** Marks unsaved text whose host has something else by now. The text stays as it is. */
  markOutside({ uri, text, base }: Entry, dirty: boolean): void {
    const key = uri.toString();
    const behind = dirty && base?.text !== undefined && base.text !== text;
    if (behind === this.#behind.has(key)) return;
    if (behind) this.#behind.add(key);
    else this.#behind.delete(key);
    this.#changed.fire(uri);
  }

  forget({ uri }: Entry): void {
    this.clear(uri);
    if (this.#behind.delete(uri.toString())) this.#changed.fire(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#diagnostics.dispose();
    this.#changed.dispose();
  }
}
