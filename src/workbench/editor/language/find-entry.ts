import type { SchemaName } from '../../../language/schema/kinds.ts';
import type { DocumentedPlace } from './documented-place.ts';
import { ownWords } from './own-words.ts';

/** What libvirt's documentation of its XML says about one thing, as the build extracts it from the HTML. */
export interface DocumentationEntry {
  /** The element or attribute that it is about. */
  readonly name: string;
  /** The entries around it, the outermost first. */
  readonly within: readonly string[];
  /** Words in typewriter type stand between backticks. */
  readonly text: string;
  /** The version that introduced it, in libvirt's words; empty when nothing is said. */
  readonly since: string;
  /** Its value when it is left out; empty when nothing is said. */
  readonly default: string;
  /** Other elements and attributes that the same paragraphs speak of. */
  readonly beside: readonly string[];
  /**
   * For an entry that is not from a list: whether the text is a section about it, or is about something else and has it
   * as the subject of sentences, or only mentions it.
   */
  readonly rank?: 'section' | 'subject' | 'mention';
  /** What it is, where the text says so. */
  readonly as?: 'element' | 'attribute';
}

/** A section of a page, with its entries in the order of the text. */
export interface DocumentationSection {
  /** The page and anchor, such as `formatdomain.html#hard-drives`. */
  readonly page: string;
  /** What its examples show: `disk/source`, `/disk` where one begins, `source@file`. */
  readonly shows: readonly string[];
  /** What the examples of the sections inside this one show. */
  readonly inside: readonly string[];
  readonly entries: readonly DocumentationEntry[];
}

/** The sections of each page, by the file's name without its ending. */
export type DocumentationPages = Readonly<Record<string, readonly DocumentationSection[]>>;

export interface FoundEntry extends DocumentationEntry {
  readonly page: string;
}

const PAGES: Readonly<Record<SchemaName, readonly string[]>> = {
  capability: ['formatcaps'],
  cpu: ['formatdomain'],
  domain: ['formatdomain', 'formatstorageencryption'],
  domainbackup: ['formatbackup'],
  domaincaps: ['formatdomaincaps'],
  domaincheckpoint: ['formatcheckpoint'],
  domainsnapshot: ['formatsnapshot'],
  inactiveDomain: ['formatdomain'],
  interface: [],
  network: ['formatnetwork'],
  networkport: ['formatnetworkport', 'formatnetwork'],
  nodedev: ['formatnode'],
  nwfilter: ['formatnwfilter'],
  nwfilterbinding: ['formatnwfilter'],
  secret: ['formatsecret'],
  storagepool: ['formatstorage'],
  storagepoolcaps: ['formatstoragecaps'],
  storagevol: ['formatstorage', 'formatstorageencryption'],
};

/** The entry that fits a place best; undefined when the documentation says nothing of it. */
export function findEntry(pages: DocumentationPages, wanted: DocumentedPlace): FoundEntry | undefined {
  const place = inDomain(wanted);
  const domain = place.path.findLastIndex((name) => name === 'domain' || name === 'inactiveDomain');
  // A snapshot or a checkpoint holds the definition of its domain.
  const { kind, path, attribute } =
    domain > 0 && place.kind.startsWith('domain')
      ? {
          kind: 'domain' as const,
          path: ['domain', ...place.path.slice(domain + 1)],
          attribute: place.attribute,
        }
      : place;
  const name = attribute ?? path.at(-1);
  for (const page of PAGES[kind]) {
    let best: { entry: FoundEntry; score: number } | undefined;
    for (const section of pages[page] ?? []) {
      for (const entry of section.entries) {
        if (entry.name !== name || isOther(entry, attribute)) continue;
        const score =
          attribute === undefined ? fitElement(section, entry, path) : fitAttribute(section, entry, path);
        if (score > (best?.score ?? 0)) best = { entry: { ...entry, page: section.page }, score };
      }
    }
    if (best !== undefined) return best.entry;
  }
  return entryOfOurs(place);
}

/** A device that is a document of its own is explained as in a domain. */
function inDomain(place: DocumentedPlace): DocumentedPlace & { readonly kind: SchemaName } {
  const { kind, path } = place;
  return kind === 'device'
    ? { ...place, kind: 'domain', path: ['domain', 'devices', ...path] }
    : { ...place, kind };
}

/** What we say ourselves, with the page to read more. */
function entryOfOurs(place: ReturnType<typeof inDomain>): FoundEntry | undefined {
  const words = ownWords(place);
  if (words === undefined) return undefined;
  const [page = 'format'] = PAGES[place.kind];
  return {
    name: place.attribute ?? place.path.at(-1) ?? '',
    within: [],
    text: words.text,
    since: '',
    default: words.default ?? '',
    beside: [],
    page: `${page}.html`,
  };
}

/** A higher score fits better; 0 means that the entry is about something else of the same name. */
function fitElement(
  { page, shows, inside }: DocumentationSection,
  entry: DocumentationEntry,
  path: readonly string[],
): number {
  const around = path.slice(0, -1);
  const parent = around.at(-1);
  if (!isAround(entry.within, around)) return 0;
  const isInside = entry.within.at(-1) === parent;
  const pair = `${parent ?? ''}/${entry.name}`;
  const begins = shows.includes(`/${entry.name}`);
  const shown = shows.includes(pair) || (around.length === 0 && begins);
  const shownInside = inside.includes(pair) || (around.length === 0 && inside.includes(`/${entry.name}`));
  const elsewhere = [...shows, ...inside].some((each) => each.endsWith(`/${entry.name}`));
  // Examples that only show it in other elements are about another thing of the same name.
  const isStranger = elsewhere && !shown && !shownInside && !begins;
  if (isStranger && !isInside && parent !== undefined) return 0;
  const near = parent === undefined || entry.beside.includes(parent) || isInside || shown || begins;
  const depth = around.length - 1;
  if (!near && !shownInside && depth > 0 && !shownAround(shows, around)) return 0;
  if (entry.rank === 'mention' && !near) return 0;
  if (
    entry.rank !== undefined &&
    parent === undefined &&
    !/\b(?:root element|top[- ]level)\b/i.test(entry.text)
  )
    return 0;
  return (
    1 +
    (isInside ? 5 : entry.beside.includes(parent ?? '') ? 2 : 0) +
    (shown ? 5 : begins ? 4 : 0) +
    (shownInside ? 2 : 0) +
    (shownAround(shows, around) ? 1 : 0) +
    (page.includes(`-${path[0] ?? ''}-`) ? 2 : 0) +
    (entry.within.length === 0 && around.length <= 1 ? 1 : 0) -
    costOf(entry)
  );
}

function fitAttribute(
  { shows, inside }: DocumentationSection,
  entry: DocumentationEntry,
  path: readonly string[],
): number {
  const owner = path.at(-1) ?? '';
  const parent = path.at(-2);
  if (!isAround(entry.within, path)) return 0;
  const shown = shows.includes(`${owner}@${entry.name}`);
  const shownInside = inside.includes(`${owner}@${entry.name}`);
  const isInside = entry.within.at(-1) === owner;
  const isBeside = entry.beside.includes(owner);
  if (
    !isInside &&
    !((shown || shownInside) && isBeside) &&
    !(shown && entry.rank === undefined && entry.within.length === 0)
  )
    return 0;
  // The element that this section is about must be this one, not another of the same name.
  const pairs = [...shows, ...inside];
  const isHere = pairs.includes(`${parent ?? ''}/${owner}`) || pairs.includes(`/${owner}`);
  const isElsewhere = pairs.some((each) => each.endsWith(`/${owner}`));
  if (isElsewhere && !isHere && parent !== undefined) return 0;
  if (!isElsewhere && parent !== undefined && path.length > 2 && !entry.within.includes(parent)) {
    if (!shownAround(shows, path.slice(0, -1))) return 0;
  }
  return (
    1 +
    (isInside ? 6 : 0) +
    (shown ? 4 : 0) +
    (shownInside ? 1 : 0) +
    (isBeside ? 2 : 0) +
    (isHere ? 2 : 0) +
    (entry.within.length > 1 && entry.within.at(-2) === parent ? 2 : 0) -
    costOf(entry)
  );
}

/** A mere mention says less than an entry of its own. */
function costOf({ rank }: DocumentationEntry): number {
  return rank === undefined ? 0 : COSTS[rank];
}

const COSTS = { section: 1.5, subject: 2, mention: 4 };

function isOther({ as }: DocumentationEntry, attribute: string | undefined): boolean {
  return as !== undefined && as !== (attribute === undefined ? 'element' : 'attribute');
}

/** The elements around an entry must be around the place, too. */
function isAround(within: readonly string[], around: readonly string[]): boolean {
  return within.every((name) => around.includes(name));
}

/** Whether examples show the innermost elements around a place at all. */
function shownAround(shows: readonly string[], around: readonly string[]): boolean {
  const parent = around.at(-1);
  return parent !== undefined && shows.some((each) => each.endsWith(`/${parent}`));
}
