import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableList } from '../../ui/disposable-list.ts';
import { EnvironmentDocument } from '../../../engines/environment/file/document.ts';
import { fileKind, loadEnvironment } from '../../../engines/environment/file/load.ts';
import { addedImages } from '../settings.ts';
import type { Environments } from '../environments.ts';
import { explanation, type Suggestion, suggestions } from './complete.ts';
import { GuestLenses } from './lenses.ts';
import { placeAt, typingAt } from './locate.ts';

const SELECTOR: vscode.DocumentSelector = { scheme: 'file', pattern: '**/kvm.{yaml,yml}' };
const YAML_EXTENSION = 'redhat.vscode-yaml';
const TYPING_PAUSE_MS = 150;

/**
 * What an editor of a kvm.yaml knows. The schema is contributed for a YAML extension, too: where there is one, keys and
 * hovers are its business, and what only we know (files, cycles, references) stays ours.
 */
export function registerLanguage(environments: Environments): vscode.Disposable {
  return vscode.Disposable.from(
    new Diagnostics(),
    vscode.languages.registerCodeLensProvider(SELECTOR, new GuestLenses(environments)),
    vscode.languages.registerCompletionItemProvider(
      SELECTOR,
      { provideCompletionItems: (document, position) => complete(environments, document, position) },
      ' ',
      ':',
      '-',
      '[',
    ),
    vscode.languages.registerHoverProvider(SELECTOR, { provideHover: hover }),
  );
}

function hasYamlExtension(): boolean {
  return vscode.extensions.getExtension(YAML_EXTENSION) !== undefined;
}

/** Problems of each kvm.yaml that is open. */
class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('kvm.yaml');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #disposables: DisposableList;

  constructor() {
    this.#disposables = new DisposableList(
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.#checkSoon(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
    );
    for (const document of vscode.workspace.textDocuments) this.#checkSoon(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  #checkSoon(document: vscode.TextDocument): void {
    if (vscode.languages.match(SELECTOR, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#check(document);
      }, TYPING_PAUSE_MS),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const surroundings = { exists: fileKind, images: addedImages().map(({ name }) => name) };
    const { problems } = await loadEnvironment(document.getText(), document.uri.fsPath, surroundings);
    // Meanwhile it was changed or closed.
    if (document.version !== version || document.isClosed) return;
    const diagnostics = problems.map(({ start, end, message, severity, code }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      // Of a block its first line says enough.
      const shown = range.isSingleLine ? range : document.lineAt(range.start).range.with(range.start);
      const diagnostic = new vscode.Diagnostic(
        shown,
        message,
        severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
      );
      diagnostic.source = 'KVM';
      diagnostic.code = code;
      return diagnostic;
    });
    this.#collection.set(document.uri, diagnostics);
  }
}

function complete(
  environments: Environments,
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.CompletionItem[] {
  const text = document.getText();
  const offset = document.offsetAt(position);
  const typing = typingAt(text.slice(0, offset), text.slice(offset));
  if (typing === undefined || (typing.part === 'key' && hasYamlExtension())) return [];
  const entry = environments.entry(document.uri);
  const found = suggestions(typing, {
    images: environments.images.catalogue.map(({ name }) => name),
    hosts: environments.parts.inventory.hosts.map(({ name }) => name),
    guests: entry?.environment?.guests.map(({ name }) => name) ?? [],
    networks: entry?.environment?.networks.map(({ name }) => name) ?? [],
  });
  const range = new vscode.Range(position.translate(0, -typing.prefix.length), position);
  return found.map((each, index) => completionItem(each, index, range));
}

function completionItem(
  { label, kind, snippet, detail, documentation }: Suggestion,
  index: number,
  range: vscode.Range,
) {
  const item = new vscode.CompletionItem(
    label,
    kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value,
  );
  item.detail = detail;
  item.documentation = new vscode.MarkdownString(documentation);
  // In the order of the schema, which goes from what most guests have to what few have.
  item.sortText = String(index).padStart(3, '0');
  // The editor would indent the lines of a snippet once more.
  item.keepWhitespace = true;
  item.range = range;
  item.insertText = kind === 'key' ? new vscode.SnippetString(snippet) : snippet;
  if (kind === 'key' && /[\n|]/u.test(snippet))
    item.command = { command: 'editor.action.triggerSuggest', title: t('Suggest') };
  return item;
}

function hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
  if (hasYamlExtension()) return undefined;
  const place = placeAt(new EnvironmentDocument(document.getText()), document.offsetAt(position));
  const text = place === undefined ? undefined : explanation(place.path);
  if (place === undefined || text === undefined) return undefined;
  const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
  return new vscode.Hover(new vscode.MarkdownString(text), range);
}
