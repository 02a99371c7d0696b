import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { DocumentedPlace } from './documented-place.ts';
import { findEntry, type DocumentationPages, type FoundEntry } from './find-entry.ts';
import { escapeMarkdown, proseMarkdown } from './markdown.ts';

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

  /** What libvirt says about a place; undefined when that is nothing. */
  async entry(place: DocumentedPlace): Promise<FoundEntry | undefined> {
    return findEntry(await this.pages(), place);
  }

  /** The same for a hover or a completion. */
  async of(place: DocumentedPlace): Promise<vscode.MarkdownString | undefined> {
    const entry = await this.entry(place);
    return entry && entryMarkdown(entry);
  }
}

export function entryMarkdown({ text, since, page }: FoundEntry): vscode.MarkdownString {
  const notes = [
    ...(since === '' ? [] : [`_${escapeMarkdown(since)}_`]),
    `[libvirt.org](https://libvirt.org/${encodeURI(page)})`,
  ];
  return new vscode.MarkdownString(`${proseMarkdown(text)}\n\n${notes.join(' · ')}`);
}
