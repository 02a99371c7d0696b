import type { SchemaName } from '../../schema/kinds.ts';

/** One paragraph of libvirt's documentation of its XML, as the build takes it from the HTML. */
export interface DocumentationEntry {
  /** The element or attribute that it is about. */
  readonly name: string;
  /** The entries that it stands inside of, from the outside in. */
  readonly within: readonly string[];
  /** Elements that the section around it speaks of. */
  readonly section: readonly string[];
  readonly text: string;
  /** The version since which there is such a thing, in libvirt's words; empty when nothing is said. */
  readonly since: string;
  /** The page and anchor, such as `formatdomain.html#hard-drives`. */
  readonly page: string;
}

/** What somebody wants to read about: an element, or one of its attributes. */
export interface DocumentedPlace {
  readonly kind: SchemaName;
  /** The elements from the root on. */
  readonly path: readonly string[];
  readonly attribute: string | undefined;
}

/** The entries of each page, by the file's name without its ending. */
export type DocumentationPages = Readonly<Record<string, readonly DocumentationEntry[]>>;

const PAGES: Readonly<Record<SchemaName, readonly string[]>> = {
  capability: ['formatcaps'],
  cpu: ['formatdomain'],
  domain: ['formatdomain', 'formatstorageencryption'],
  domainbackup: ['formatbackup', 'formatdomain'],
  domaincaps: ['formatdomaincaps'],
  domaincheckpoint: ['formatcheckpoint', 'formatdomain'],
  domainsnapshot: ['formatsnapshot', 'formatdomain'],
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
export function findEntry(pages: DocumentationPages, place: DocumentedPlace): DocumentationEntry | undefined {
  const wanted = place.attribute ?? place.path.at(-1);
  const around = place.attribute === undefined ? place.path.slice(0, -1) : place.path;
  let best: { entry: DocumentationEntry; score: number } | undefined;
  for (const page of PAGES[place.kind]) {
    for (const entry of pages[page] ?? []) {
      if (entry.name !== wanted) continue;
      const score = fit(entry, around, place.attribute !== undefined);
      if (score > 0 && score > (best?.score ?? 0)) best = { entry, score };
    }
    if (best !== undefined) return best.entry;
  }
  return undefined;
}

/** More is better; 0 when it is about something else of the same name. */
function fit(entry: DocumentationEntry, around: readonly string[], isAttribute: boolean): number {
  const parent = around.at(-1);
  const { within, section } = entry;
  // What stands around an entry has to stand around the place as well.
  if (within.some((name) => !around.includes(name))) return 0;
  if (isAttribute && within.length === 0 && section.at(0) !== parent) return 0;
  if (isAttribute && within.length > 0 && within.at(-1) !== parent) return 0;
  const own = around.slice(2);
  if (own.length > 0 && section.length > 0 && !own.some((name) => section.includes(name))) return 0;
  let score = 1;
  if (within.at(-1) === parent) score += 4;
  for (const name of own) if (section.includes(name)) score += 1;
  if (section[0] !== undefined && around.includes(section[0])) score += 3;
  if (section[0] === entry.name && around.length <= 2) score += 3;
  return score;
}
