import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentationEntry } from '../../src/editor/language/find-entry.ts';
import { parseDocument } from '../../src/xml/parse.ts';
import { attributeOf, childElements, type XmlElement, type XmlNode } from '../../src/xml/tree.ts';
import { root } from './paths.ts';
import { SetupError } from './system-packages.ts';

/** Where the Debian package `libvirt-doc` installs libvirt's documentation. */
const installedDocumentation = '/usr/share/doc/libvirt-doc/html';

const PAGES = [
  'formatbackup',
  'formatcaps',
  'formatcheckpoint',
  'formatdomain',
  'formatdomaincaps',
  'formatnetwork',
  'formatnetworkport',
  'formatnode',
  'formatnwfilter',
  'formatsecret',
  'formatsnapshot',
  'formatstorage',
  'formatstoragecaps',
  'formatstorageencryption',
];

const MAX_TEXT = 1200;

/**
 * Writes what the pages about libvirt's XML say of each element and attribute into dist/docs, and returns how many
 * those are.
 * @throws SetupError when the documentation is not installed
 */
export async function compileDocumentation(
  folder = installedDocumentation,
  target = join(root, 'dist', 'docs'),
): Promise<number> {
  if (!existsSync(join(folder, 'formatdomain.html')))
    throw new SetupError(
      `libvirt's documentation is not in ${folder}: install it (on Debian, libvirt-doc), or hovers only tell what the schema knows.`,
    );
  await mkdir(target, { recursive: true });
  const pages: Record<string, DocumentationEntry[]> = {};
  for (const page of PAGES) {
    const file = join(folder, `${page}.html`);
    if (existsSync(file)) pages[page] = entriesOf(`${page}.html`, await readFile(file, 'utf8'));
  }
  await writeFile(join(target, 'libvirt.json'), JSON.stringify(pages));
  return Object.values(pages).reduce((count, entries) => count + entries.length, 0);
}

/** The entries of one page of libvirt's HTML, which is XML. */
export function entriesOf(page: string, html: string): DocumentationEntry[] {
  const entries: DocumentationEntry[] = [];
  const { root: top } = parseDocument(html.replaceAll('&nbsp;', ' '));
  if (top !== undefined) readSection(top, { page, section: [], within: [] }, entries);
  return entries;
}

interface Around {
  readonly page: string;
  readonly section: readonly string[];
  readonly within: readonly string[];
}

function readSection(element: XmlElement, around: Around, entries: DocumentationEntry[]): void {
  for (const child of childElements(element)) {
    if (child.key.endsWith('section')) readSection(child, sectionOf(child, around, entries), entries);
    else if (local(child) === 'dl') readList(child, around, entries);
    else readSection(child, around, entries);
  }
}

/** A section speaks of the elements in its first words and in its examples. */
function sectionOf(element: XmlElement, { page, section }: Around, entries: DocumentationEntry[]): Around {
  const id = attributeOf(element, 'id')?.value ?? '';
  const children = childElements(element);
  const paragraph = children.find((child) => local(child) === 'p');
  const examples = children.filter((child) => local(child) === 'pre').map((child) => plain(child));
  const inExamples = examples.flatMap((text) =>
    [...text.matchAll(/<([A-Za-z][\w:-]*)/g)].map((match) => match[1] ?? ''),
  );
  const named = paragraph === undefined ? [] : literals(paragraph);
  const own = [...named.filter((name) => inExamples.includes(name)), ...inExamples];
  const next: Around = {
    page: id === '' ? page : `${page.replace(/#.*/, '')}#${id}`,
    section: own.length === 0 ? section : [...new Set(own)],
    within: [],
  };
  const [subject] = named;
  if (subject !== undefined && paragraph !== undefined && inExamples.includes(subject))
    entries.push(entry(subject, next, [paragraph]));
  return next;
}

function readList(list: XmlElement, around: Around, entries: DocumentationEntry[]): void {
  let names: string[] = [];
  for (const child of childElements(list)) {
    if (local(child) === 'dt') names = literals(child);
    if (local(child) !== 'dd') continue;
    for (const name of names) entries.push(entry(name, around, child.children));
    const [name] = names;
    readSection(
      child,
      name === undefined ? around : { ...around, within: [...around.within, name] },
      entries,
    );
  }
}

function entry(
  name: string,
  { page, section, within }: Around,
  nodes: readonly XmlNode[],
): DocumentationEntry {
  // Lists inside are entries of their own, examples are too long for a hover.
  const parts = nodes.filter(
    (node) => node.kind !== 'element' || !['dl', 'pre', 'section'].includes(local(node)),
  );
  const text = parts
    .map((node) => plain(node).replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part !== '')
    .join('\n\n')
    .replaceAll(/ ([.,;:)])/g, '$1');
  const since = parts.map(sinceIn).find((each) => each !== '') ?? '';
  return {
    name,
    within,
    section: section.slice(0, 40),
    text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text,
    since: since === '' ? '' : since.slice(0, 1).toUpperCase() + since.slice(1),
    page,
  };
}

function local(element: XmlElement): string {
  return element.name;
}

/** The words in typewriter type, without angle brackets. */
function literals(element: XmlElement): string[] {
  const found: string[] = [];
  for (const child of childElements(element)) {
    const isLiteral = attributeOf(child, 'class')?.value.split(' ').includes('literal') === true;
    if (isLiteral) found.push(plain(child).replaceAll(/[<>/\s]/g, ''));
    else found.push(...literals(child));
  }
  return found.filter((name) => /^[A-Za-z][\w:.-]*$/.test(name));
}

function sinceIn(node: XmlNode): string {
  if (node.kind !== 'element') return '';
  if (attributeOf(node, 'class')?.value === 'since') return plain(node).replaceAll(/\s+/g, ' ').trim();
  return node.children.map(sinceIn).find((since) => since !== '') ?? '';
}

function plain(node: XmlNode): string {
  if (node.kind === 'text' || node.kind === 'cdata') return node.value;
  if (node.kind !== 'element') return '';
  const text = node.children.map(plain).join('');
  return ['p', 'li', 'tr'].includes(local(node)) ? `${text}\n` : text;
}
