import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { complete, type Completion, type CompletionItem } from '../../../language/schema/complete.ts';
import { snippetSlot, writeSkeleton } from '../../../language/schema/skeleton.ts';
import { encodeAttribute, encodeText } from '../../../language/xml/entities.ts';
import { displayName } from '../../ui/names.ts';
import type { Documentation } from './documentation.ts';
import type { DocumentedPlace } from './documented-place.ts';
import { deviceSnippets } from './device-snippets.ts';
import { hasNoRootYet } from './root-name.ts';
import { rootSnippets } from './root-snippets.ts';
import type { HostValues } from './host/host-values.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

/** Typing one of these asks for completions. */
export const COMPLETION_TRIGGERS = ['<', ' ', '/', '"', "'", '='] as const;

const suggestAgain = () => ({ command: 'editor.action.triggerSuggest', title: t('Suggest Values') });

/** An item whose documentation is looked up only when it is selected. */
class LibvirtItem extends vscode.CompletionItem {
  place: DocumentedPlace | undefined;
}

export class Completions implements vscode.CompletionItemProvider<LibvirtItem> {
  readonly #documents: LibvirtDocuments;
  readonly #documentation: Documentation;
  readonly #hostValues: HostValues;

  constructor(documents: LibvirtDocuments, documentation: Documentation, hostValues: HostValues) {
    this.#documents = documents;
    this.#documentation = documentation;
    this.#hostValues = hostValues;
  }

  async provideCompletionItems(
    source: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<LibvirtItem[]> {
    const document = this.#documents.get(source);
    if (document === undefined) return rootItems(source, position);
    if (document.analysis === undefined) return [];
    const offset = source.offsetAt(position);
    const found = complete(document.analysis, offset);
    if (triggerCharacter === '/' && found.place !== 'end-tag') return [];
    if (triggerCharacter === ' ' && found.place !== 'attribute') return [];
    if (triggerCharacter === '=' && found.place !== 'attribute-value') return [];
    const writer = new ItemWriter(document, found, offset);
    const items = found.items.map((item) => writer.item(item));
    if (found.place === 'element') items.push(...writer.snippets());
    if (found.place === 'attribute-value' || found.place === 'text' || found.open) {
      const values = await this.#hostValues.of(document, found, token);
      const listed = new Set(found.items.map((item) => (item.kind === 'value' ? item.value : '')));
      for (const value of values)
        if (!listed.has(value.value)) items.push(writer.value(value.value, value.detail));
    }
    return items;
  }

  async resolveCompletionItem(item: LibvirtItem): Promise<LibvirtItem> {
    if (item.place === undefined) return item;
    const text = await this.#documentation.of(item.place);
    if (text !== undefined) item.documentation = text;
    return item;
  }
}

/** The documents that a text without a root could become. */
function rootItems(source: vscode.TextDocument, position: vscode.Position): LibvirtItem[] {
  if (!hasNoRootYet(source.getText())) return [];
  const begun = /<?[\w:.-]*$/.exec(source.lineAt(position).text.slice(0, position.character))?.[0] ?? '';
  return rootSnippets.map(({ root, detail, body }) => {
    const item = new LibvirtItem(root, vscode.CompletionItemKind.Snippet);
    item.insertText = new vscode.SnippetString(body);
    item.range = new vscode.Range(position.translate(0, -begun.length), position);
    item.filterText = begun.startsWith('<') ? `<${root}` : root;
    item.detail = detail();
    item.documentation = new vscode.MarkdownString().appendCodeblock(plainBody(body), 'xml');
    return item;
  });
}

/** Turns what the engine offers at one place into what VS Code shows. */
class ItemWriter {
  readonly #document: LibvirtDocument;
  readonly #found: Completion;
  readonly #range: vscode.Range;
  /** Up to the cursor: what VS Code compares the items with. */
  readonly #begun: string;
  readonly #path: readonly string[];
  readonly #isRename: boolean;

  constructor(document: LibvirtDocument, found: Completion, offset: number) {
    this.#document = document;
    this.#found = found;
    const { text } = document.xml;
    const start = found.place === 'element' ? startOfWord(text, found.start, offset) : found.start;
    this.#range = document.range({ start, end: Math.max(found.end, offset) });
    this.#begun = text.slice(start, offset);
    const path: string[] = [];
    for (let at = found.element; at !== undefined; at = at.parent) path.unshift(at.key);
    this.#path = path;
    this.#isRename = renamesOnly(text, Math.max(found.end, offset), found);
  }

  item(item: CompletionItem): LibvirtItem {
    switch (item.kind) {
      case 'element':
        return this.#element(item);
      case 'attribute':
        return this.#attribute(item);
      case 'value':
        return this.value(item.value);
      case 'end-tag':
        return this.#endTag(item.name);
    }
  }

  /** A value that stands between quotes or tags. */
  value(value: string, detail?: string): LibvirtItem {
    const { attribute } = this.#found;
    const item = this.#make(displayName(value), vscode.CompletionItemKind.EnumMember);
    const quote = attribute?.quote === '"' ? '"' : "'";
    const encoded = attribute === undefined ? encodeText(value) : encodeAttribute(value, quote);
    const isQuoted = attribute === undefined || attribute.quote !== '';
    item.insertText = isQuoted ? encoded : `${quote}${encoded}${quote}`;
    item.filterText = isQuoted ? encoded : `${quote}${encoded}`;
    item.sortText = `${detail === undefined ? 1 : 0}${value}`;
    if (detail !== undefined) item.detail = displayName(detail);
    item.place = { kind: this.#document.kind, path: this.#path, attribute: attribute?.key };
    return item;
  }

  snippets(): LibvirtItem[] {
    if (this.#isRename || this.#document.kind !== 'domain') return [];
    const offered = new Set(this.#found.items.map((item) => (item.kind === 'element' ? item.name : '')));
    return deviceSnippets
      .filter((snippet) => snippet.parent === this.#path.at(-1) && offered.has(snippet.element))
      .map((snippet) => {
        const item = this.#make(snippet.label, vscode.CompletionItemKind.Snippet);
        item.insertText = new vscode.SnippetString(snippet.body);
        item.filterText = this.#filter(snippet.label.replace(/^<|>$/g, ''));
        item.sortText = `2${snippet.label}`;
        item.detail = snippet.detail();
        item.documentation = new vscode.MarkdownString().appendCodeblock(plainBody(snippet.body), 'xml');
        return item;
      });
  }

  #element({ name, required, skeleton }: CompletionItem & { kind: 'element' }): LibvirtItem {
    const item = this.#make(name, vscode.CompletionItemKind.Class);
    if (this.#isRename) item.insertText = `<${name}`;
    else {
      const body = writeSkeleton(skeleton, snippetSlot);
      item.insertText = new vscode.SnippetString(body);
      if (body.includes('${1|') || body.includes('${1}')) item.command = suggestAgain();
    }
    item.filterText = this.#filter(name);
    item.sortText = `${required ? 0 : 1}${name}`;
    item.detail = required ? t('required') : '';
    item.place = { kind: this.#document.kind, path: [...this.#path, name], attribute: undefined };
    return item;
  }

  #attribute({ name, required, value }: CompletionItem & { kind: 'attribute' }): LibvirtItem {
    const { attribute } = this.#found;
    const item = this.#make(name, vscode.CompletionItemKind.Field);
    if (attribute !== undefined && attribute.quote !== '') item.insertText = name;
    else {
      const isFixed = value.values.length === 1 && !value.open;
      const slot = isFixed
        ? encodeAttribute(value.values[0] ?? '', "'").replaceAll(/[\\$}]/g, String.raw`\$&`)
        : '$1';
      item.insertText = new vscode.SnippetString(`${name}='${slot}'$0`);
      if (!isFixed) item.command = suggestAgain();
    }
    item.sortText = `${required ? 0 : 1}${name}`;
    item.detail = required ? t('required') : '';
    item.place = { kind: this.#document.kind, path: this.#path, attribute: name };
    return item;
  }

  #endTag(name: string): LibvirtItem {
    const item = this.#make(`</${name}>`, vscode.CompletionItemKind.Property);
    item.insertText = `</${name}>`;
    item.filterText = this.#begun.startsWith('<') ? `</${name}>` : `/${name}`;
    item.sortText = this.#found.place === 'end-tag' ? '0' : '3';
    return item;
  }

  #filter(name: string): string {
    return this.#begun.startsWith('<') ? `<${name}` : name;
  }

  #make(label: string, kind: vscode.CompletionItemKind): LibvirtItem {
    const item = new LibvirtItem(label, kind);
    item.range = this.#range;
    return item;
  }
}

/** A name may be typed without its `<`, which then comes with the item. */
function startOfWord(text: string, start: number, offset: number): number {
  if (text[start] === '<') return start;
  let at = offset;
  while (at > 0 && /[\w:.-]/.test(text[at - 1] ?? '')) at -= 1;
  // Text that goes on behind a word is text.
  return /[\s>]/.test(text[at - 1] ?? ' ') ? at : start;
}

/** Whether the tag is already complete behind its name, so that only the name is to be changed. */
function renamesOnly(text: string, end: number, { place, start }: Completion): boolean {
  if (place !== 'element' || text[start] !== '<') return false;
  return /^[ \t]*(?:\/?>|[\w:.-]+[ \t]*=)/.test(text.slice(end, end + 200));
}

/** A snippet as it looks when nothing was typed yet. */
function plainBody(body: string): string {
  return body
    .replaceAll(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:?([^}]*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '');
}
