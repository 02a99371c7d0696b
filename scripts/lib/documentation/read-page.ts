import type {
  DocumentationEntry,
  DocumentationSection,
} from '../../../src/workbench/editor/language/find-entry.ts';
import { parseDocument } from '../../../src/language/xml/parse.ts';
import { attributeOf, childElements, type XmlElement, type XmlNode } from '../../../src/language/xml/tree.ts';
import { namesShown, shownIn } from './examples.ts';
import { ownSince, readMentions } from './mentions.ts';
import {
  blocksOf,
  defaultIn,
  isLiteral,
  literalsIn,
  literalsOf,
  plain,
  rowsOf,
  sentencesOf,
  textOfBlocks,
} from './prose.ts';

/** What the sections of one page of libvirt's HTML, which is XML, say of elements and attributes. */
export function readPage(page: string, html: string): DocumentationSection[] {
  const { root } = parseDocument(html.replaceAll('&nbsp;', ' '));
  if (root === undefined) return [];
  const whole = { page, shows: new Set(shownIn(root, true)), subjects: new Set<string>() };
  const sections: DocumentationSection[] = [];
  readSections(root, whole, sections);
  return sections.filter(({ entries }) => entries.length > 0);
}

interface Page {
  readonly page: string;
  /** What all its examples show. */
  readonly shows: ReadonlySet<string>;
  /** The elements that the sections before are about. */
  readonly subjects: Set<string>;
}

function readSections(element: XmlElement, page: Page, sections: DocumentationSection[]): void {
  for (const child of childElements(element)) {
    if (child.name === 'section') sections.push(new SectionReader(child, page).read());
    readSections(child, page, sections);
  }
}

class SectionReader {
  readonly #element: XmlElement;
  readonly #page: Page;
  readonly #shows: readonly string[];
  readonly #inside: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #entries: DocumentationEntry[] = [];

  constructor(element: XmlElement, page: Page) {
    this.#element = element;
    this.#page = page;
    this.#shows = shownIn(element, false);
    const inside = shownIn(element, true);
    // A section without examples speaks of those of others.
    this.#inside =
      inside.length === 0 ? [...page.shows] : inside.filter((pair) => !this.#shows.includes(pair));
    this.#names = namesShown([...this.#shows, ...this.#inside]);
  }

  read(): DocumentationSection {
    const id = attributeOf(this.#element, 'id')?.value ?? '';
    this.#prose(this.#element.children, this.#subject(id), []);
    this.#lists(this.#element.children, undefined, []);
    const { page } = this.#page;
    return {
      page: id === '' ? page : `${page}#${id}`,
      shows: this.#shows,
      inside: this.#inside,
      entries: this.#entries,
    };
  }

  /** The element that a section is about: by its title, by its first words, or a device that is first shown here. */
  #subject(id: string): string | undefined {
    const elements = this.#shows.filter((pair) => pair.includes('/'));
    const shown = elements.map((pair) => pair.slice(pair.indexOf('/') + 1));
    const words = id.split('-');
    const titled = shown.filter(
      (name) =>
        id === name || (!CONTAINERS.has(name) && (words.includes(name) || words.includes(`${name}s`))),
    );
    const byTitle = titled.find((name) => !this.#page.subjects.has(name)) ?? titled[0];
    const [first = ''] = blocksOf(this.#element.children);
    const [sentence = ''] = sentencesOf(first);
    const named = literalsIn(sentence).find((name) => shown.includes(name));
    const subject = byTitle ?? named ?? this.#newDevice(elements);
    if (subject !== undefined) this.#page.subjects.add(subject);
    return subject;
  }

  #newDevice(elements: readonly string[]): string | undefined {
    const devices = elements
      .filter((pair) => pair.startsWith('devices/'))
      .map((pair) => pair.slice('devices/'.length));
    return devices.find((name) => !this.#page.subjects.has(name));
  }

  /** What paragraphs say of the thing they are about, and of others on the way. */
  #prose(
    nodes: readonly XmlNode[],
    owner: string | undefined,
    within: readonly string[],
    isOwn = false,
  ): void {
    const blocks = this.#withValues(nodes);
    const isElement = owner !== undefined && this.#isElement(owner, within);
    if (owner !== undefined && blocks.length > 0)
      this.#entries.push({
        name: owner,
        within,
        text: textOfBlocks(blocks),
        since: ownSince(blocks, owner),
        default: defaultIn(textOfBlocks(blocks)),
        beside: [],
        ...(!isOwn && { rank: 'section' as const }),
      });
    const inside = isElement ? [...within, owner] : within;
    // What a section is about is a guess: what it says of other things is not bound to that.
    const bound = isOwn ? inside : within;
    this.#entries.push(...readMentions(blocks, { owner, within: bound, names: this.#names }));
    if (isElement) this.#rows(nodes, inside);
  }

  /** The rows of a table whose first cell is an element: what it does, its values, and since when. */
  #rows(nodes: readonly XmlNode[], within: readonly string[]): void {
    for (const node of nodes) {
      if (node.kind !== 'element' || node.name !== 'table') continue;
      for (const [name = '', text = '', values = '', since = ''] of rowsOf(node)) {
        if (!this.#names.has(name) || text === '') continue;
        const taken = values === '' ? '' : `\n\nTakes: ${values}`;
        const version = /^\d/.test(since) ? `Since ${since}` : '';
        this.#entries.push({
          name,
          within,
          text: `${text}${taken}`,
          since: version,
          default: '',
          beside: [],
        });
      }
    }
  }

  /** Paragraphs, where a list of values that follows one belongs to it. */
  #withValues(nodes: readonly XmlNode[]): string[] {
    const blocks: string[] = [];
    for (const [index, node] of nodes.entries()) {
      const previous = before(nodes, index);
      if (isTerm(node) || isTerm(previous)) continue;
      if (node.kind === 'element' && node.name === 'dl') {
        if (blocks.at(-1)?.endsWith(':') === true && this.#isOfValues(node)) blocks.push(...valuesOf(node));
      } else blocks.push(...blocksOf([node]));
    }
    return blocks;
  }

  /** Terms that are no element or attribute of the examples are values of one. */
  #isOfValues(list: XmlElement): boolean {
    const terms = childElements(list).filter(({ name }) => name === 'dt');
    const known = terms.filter((term) => literalsOf(term).some((name) => this.#names.has(name)));
    return known.length * 2 < terms.length;
  }

  #lists(nodes: readonly XmlNode[], owner: string | undefined, within: readonly string[]): void {
    for (const [index, node] of nodes.entries()) {
      if (node.kind !== 'element' || node.name === 'section') continue;
      const previous = before(nodes, index);
      if (node.name === 'dl') this.#list(node, this.#withinOf(previous, within));
      else if (node.name === 'blockquote' && previous !== undefined && isTerm(previous))
        this.#definition(literalsOf(previous), node, within);
      else this.#lists(node.children, owner, within);
    }
  }

  /** “The `secret` element has two optional attributes:” says whose the terms of the list behind it are. */
  #withinOf(lead: XmlNode | undefined, within: readonly string[]): readonly string[] {
    const text = lead === undefined ? '' : (blocksOf([lead]).at(-1) ?? '');
    const owner = literalsIn(text).find((name) => this.#names.has(name) && this.#isElement(name, within));
    const isOfOne = /\b(?:attributes|elements)\b/.test(text) && text.endsWith(':');
    return owner === undefined || !isOfOne || within.includes(owner) ? within : [...within, owner];
  }

  #list(list: XmlElement, within: readonly string[]): void {
    let names: string[] = [];
    for (const child of childElements(list)) {
      if (child.name === 'dt') names = [...new Set(literalsOf(child))];
      if (child.name === 'dd') this.#definition(names, child, within);
    }
  }

  #definition(names: readonly string[], body: XmlElement, within: readonly string[]): void {
    for (const name of names) this.#prose(body.children, name, within, true);
    const [name] = names;
    const isElement = name !== undefined && this.#isElement(name, within);
    this.#lists(body.children, name, isElement ? [...within, name] : within);
  }

  /** Whether a term is an element there, and neither an attribute nor a value. */
  #isElement(name: string, within: readonly string[]): boolean {
    const parent = within.at(-1);
    if (parent !== undefined && this.#page.shows.has(`${parent}/${name}`)) return true;
    if (parent !== undefined && this.#page.shows.has(`${parent}@${name}`)) return false;
    const pairs = [...this.#shows, ...this.#inside];
    return pairs.some((pair) => pair.endsWith(`/${name}`));
  }
}

/** Elements that examples only show because something else stands in them. */
const CONTAINERS = new Set(['domain', 'devices', 'network', 'pool', 'volume', 'os', 'features', 'filter']);

/** The element before a node, past white space. */
function before(nodes: readonly XmlNode[], index: number): XmlElement | undefined {
  const found = nodes.slice(0, index).findLast((node) => node.kind !== 'text' || !node.blank);
  return found?.kind === 'element' ? found : undefined;
}

/** Older pages write a term as a paragraph and its definition as a quotation. */
function isTerm(node: XmlNode | undefined): boolean {
  if (node?.kind !== 'element' || node.name !== 'p') return false;
  const children = node.children.filter((child) => child.kind !== 'text' || !child.blank);
  return (
    children.length === 1 &&
    children[0]?.kind === 'element' &&
    isLiteral(children[0]) &&
    plain(node).length < 60
  );
}

/** The values of a list, each with the first sentence that is said of it. */
function valuesOf(list: XmlElement): string[] {
  const found: string[] = [];
  let names: readonly string[] = [];
  for (const child of childElements(list)) {
    if (child.name === 'dt') names = literalsOf(child);
    if (child.name !== 'dd' || names.length === 0) continue;
    const [first = ''] = sentencesOf(blocksOf(child.children)[0] ?? '');
    found.push(`- ${names.map((name) => `\`${name}\``).join(', ')}: ${first}`);
  }
  return found;
}
