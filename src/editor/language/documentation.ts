import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { findEntry, type DocumentationPages, type DocumentedPlace } from './find-entry.ts';
import { escapeMarkdown } from './markdown.ts';

/** libvirt's documentation, read when somebody first wants to see some of it. */
export class Documentation {
  readonly #file: string;
  #pages: Promise<DocumentationPages> | undefined;

  constructor(dist: string) {
    this.#file = join(dist, 'docs', 'libvirt.json');
  }

  /** Empty when the extension was built without it. */
  pages(): Promise<DocumentationPages> {
    this.#pages ??= readFile(this.#file, 'utf8').then(
      (text) => JSON.parse(text) as DocumentationPages,
      () => ({}),
    );
    return this.#pages;
  }

  /** What libvirt says about a place, for a hover or a completion. */
  async of(place: DocumentedPlace): Promise<vscode.MarkdownString | undefined> {
    const entry = findEntry(await this.pages(), place);
    if (entry === undefined) return undefined;
    const markdown = new vscode.MarkdownString();
    markdown.appendMarkdown(escapeMarkdown(entry.text));
    if (entry.since !== '') {
      markdown.appendMarkdown(`\n\n_${escapeMarkdown(entry.since)}_`);
    }
    markdown.appendMarkdown(`\n\n[libvirt.org](https://libvirt.org/${encodeURI(entry.page)})`);
    return markdown;
  }
}
