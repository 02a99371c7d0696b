import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { explain, type Explanation } from '../../../language/schema/explain.ts';
import { displayName } from '../../ui/names.ts';
import { entryMarkdown, type Documentation } from './documentation.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';
import { escapeMarkdown } from './markdown.ts';

const MAX_NAMES = 24;

/** Says what the schema allows at a place, and what libvirt's documentation says about it. */
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
    // The facts come first, so that a long text does not push them out of sight.
    const parts = [headline(found), valueFacts(found, entry?.default ?? ''), ...text, contentFacts(found)];
    return new vscode.Hover(
      parts.filter(({ value }) => value !== ''),
      document.range(found),
    );
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

/** What the value can be, and what it is when it is not written. */
function valueFacts(found: Explanation, fallback: string): vscode.MarkdownString {
  const { values, open, type, required } = found;
  return labelled([
    [t('Required:'), required ? t('yes') : ''],
    [t('Value:'), values.length > 0 && !open ? '' : type],
    [open ? t('Known values:') : t('Values:'), names(values)],
    // A default that is not among the values belongs to something else in the text.
    [t('Default:'), values.includes(fallback) ? fallback : ''],
  ]);
}

function contentFacts({ attributes, children }: Explanation): vscode.MarkdownString {
  return labelled([
    [t('Attributes:'), names(attributes)],
    [t('Elements:'), names(children)],
  ]);
}

function labelled(facts: readonly (readonly [label: string, text: string])[]): vscode.MarkdownString {
  const lines = facts
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `**${escapeMarkdown(label)}** ${escapeMarkdown(text)}`);
  return new vscode.MarkdownString(lines.join('  \n'));
}

function names(all: readonly string[]): string {
  const more = all.length - MAX_NAMES;
  return more > 0 ? t('{0}, and {1} more', all.slice(0, MAX_NAMES).join(', '), more) : all.join(', ');
}
