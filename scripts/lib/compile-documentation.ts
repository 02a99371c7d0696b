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

/** Elements that examples only show because something else stands in them. */
const CONTAINERS = new Set(['domain', 'devices', 'network', 'pool', 'volume', 'os', 'features']);

const ATTRIBUTE =
  /^(?:The|An|Its|This) (?:(?:optional|mandatory|required|second|first) )*([A-Za-z_][\w-]*) attribute\b/;

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
  const subjects: DocumentationEntry[] = [];
  const { root: top } = parseDocument(html.replaceAll('&nbsp;', ' '));
  if (top !== undefined) readSection(top, { page, section: [], within: [], subjects }, entries);
  // Behind the entries of lists, which say more.
  return [...entries, ...subjects];
}

interface Around {
  readonly page: string;
  readonly section: readonly string[];
  readonly within: readonly string[];
  /** What sections say of the elements that they are about, the outer sections first. */
  readonly subjects: DocumentationEntry[];
}

function readSection(element: XmlElement, around: Around, entries: DocumentationEntry[]): void {
  for (const child of childElements(element)) {
    if (local(child) === 'section') {
      const inside = sectionOf(child, around);
      inside.subjects.push(...subjectEntries(child, inside));
      readSection(child, inside, entries);
    } else if (local(child) === 'dl') readList(child, around, entries);
    else readSection(child, around, entries);
  }
}

/** A section speaks of the elements in its first words and in its examples. */
function sectionOf(element: XmlElement, { page, section, subjects }: Around): Around {
  const id = attributeOf(element, 'id')?.value ?? '';
  const own = [...wordsOf(element), ...examplesIn(element)];
  return {
    page: id === '' ? page : `${page.replace(/#.*/, '')}#${id}`,
    section: own.length === 0 ? section : [...new Set(own)],
    within: [],
    subjects,
  };
}

/** What a section says of the element that it is about. */
function subjectEntries(element: XmlElement, around: Around): DocumentationEntry[] {
  const examples = examplesIn(element);
  const subject = wordsOf(element)[0] ?? examples.find((name) => !CONTAINERS.has(name));
  const blocks = childElements(element).filter((child) => ['p', 'ul', 'blockquote'].includes(local(child)));
  const [first] = blocks;
  if (subject === undefined || first === undefined) return [];
  return [entry(subject, around, [first]), ...attributeEntries(subject, around, blocks)];
}

/** The elements that a section's examples show. */
function examplesIn(element: XmlElement): string[] {
  const examples = childElements(element).filter((child) => local(child) === 'pre');
  return examples.flatMap((example) =>
    [...plain(example).matchAll(/<([A-Za-z][\w:-]*)/g)].map((match) => match[1] ?? ''),
  );
}

/** Those of them that its first paragraph names. */
function wordsOf(element: XmlElement): string[] {
  const paragraph = childElements(element).find((child) => local(child) === 'p');
  const examples = examplesIn(element);
  return paragraph === undefined ? [] : literals(paragraph).filter((name) => examples.includes(name));
}

function readList(list: XmlElement, around: Around, entries: DocumentationEntry[]): void {
  let names: string[] = [];
  for (const child of childElements(list)) {
    if (local(child) === 'dt') names = literals(child);
    if (local(child) !== 'dd') continue;
    for (const name of names)
      entries.push(entry(name, around, child.children), ...attributeEntries(name, around, child.children));
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
    .join('\n\n');
  const since = parts.map(sinceIn).find((each) => each !== '') ?? '';
  return {
    name,
    within,
    section: section.slice(0, 40),
    text: tidy(text),
    since: since === '' ? '' : since.slice(0, 1).toUpperCase() + since.slice(1),
    page,
  };
}

/** Attributes that have no entry of their own are spoken of in sentences: “The optional bus attribute …”. */
function attributeEntries(
  owner: string,
  { page, section, within }: Around,
  nodes: readonly XmlNode[],
): DocumentationEntry[] {
  const found = new Map<string, string[]>();
  for (const node of nodes) {
    if (node.kind === 'element' && ['dl', 'pre', 'section'].includes(local(node))) continue;
    for (const line of blocksOf(node)) {
      let name: string | undefined;
      for (const sentence of line.split(/(?<=[.;])\s+(?=[A-Z])/)) {
        name = ATTRIBUTE.exec(sentence)?.[1] ?? name;
        if (name === undefined) continue;
        const sentences = found.get(name) ?? [];
        found.set(name, [...sentences, sentence]);
      }
    }
  }
  return [...found].map(([name, sentences]) => ({
    name,
    within: [...within, owner],
    section: section.slice(0, 40),
    text: tidy(sentences.join(' ')),
    since: '',
    page,
  }));
}

/** Paragraphs and items of lists, each as a line of text. */
function blocksOf(node: XmlNode): string[] {
  const text = plain(node);
  return text
    .split(/\n(?=The )|\n\n+/)
    .map((block) => block.replaceAll(/\s+/g, ' ').trim())
    .filter((block) => block !== '');
}

function tidy(text: string): string {
  const tight = text.replaceAll(/ ([.,;:)])/g, '$1');
  return tight.length > MAX_TEXT ? `${tight.slice(0, MAX_TEXT - 1)}…` : tight;
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
