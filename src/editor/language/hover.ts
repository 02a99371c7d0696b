import * as vscode from 'vscode';
import { explain, type Explanation } from '../../schema/explain.ts';
import { displayName } from '../../ui/names.ts';
import { entryMarkdown, type Documentation } from './documentation.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';
import { escapeMarkdown } from './markdown.ts';

const MAX_NAMES = 24;

/** Tells what the schema allows at a place, and what libvirt's documentation says about it. */
export class Hovers implements vscode.HoverProvider {
  readonly #documents: LibvirtDocuments;
  readonly #documentation: Documentation;

  constructor(documents: LibvirtDocuments, documentation: Documentation) {
    this.#documents = documents;
    this.#documentation = documentation;
  }

  async provideHover(
    source: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const document = this.#documents.get(source);
    if (document?.analysis === undefined) return undefined;
    const found = explain(document.analysis, source.offsetAt(position));
    if (found === undefined) return undefined;
    const entry = await this.#documentation.entry({
      kind: document.kind,
      path: found.path,
      attribute: found.attribute?.key,
    });
    const text = entry === undefined ? [] : [entryMarkdown(entry)];
    const parts = [headline(found), ...text, facts(found, entry?.default ?? '')];
    return new vscode.Hover(parts, document.range(found));
  }
}

function headline(found: Explanation): vscode.MarkdownString {
  const path = found.path.map(escapeMarkdown).join(' › ');
  const name = displayName(found.name);
  const text = found.kind === 'element' ? `<${name}>` : `${name}='…'`;
  const markdown = new vscode.MarkdownString().appendCodeblock(text, 'xml');
  if (found.path.length > 1 || found.kind === 'attribute') markdown.appendMarkdown(path);
  return markdown;
}

function facts(found: Explanation, fallback: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  const add = (label: string, text: string) => {
    if (text === '') return;
    markdown.appendMarkdown(`**${label}:** `);
    markdown.appendMarkdown(escapeMarkdown(text));
    markdown.appendMarkdown('  \n');
  };
  if (found.required) markdown.appendMarkdown('**Required**  \n');
  add('Value', found.values.length > 0 && !found.open ? '' : found.type);
  add(found.open ? 'Known values' : 'Values', names(found.values));
  // A default that is none of its values is that of something else that the text speaks of.
  add('Default', found.values.includes(fallback) ? fallback : '');
  add('Attributes', names(found.attributes));
  add('Elements', names(found.children));
  return markdown;
}

function names(all: readonly string[]): string {
  const more = all.length - MAX_NAMES;
  return more > 0 ? `${all.slice(0, MAX_NAMES).join(', ')}, and ${more} more` : all.join(', ');
}
