import { child, parseXml, text, type XmlObject } from '../../client/libvirt/xml-object.ts';
import { element, type NewElement } from '../../language/xml/build.ts';

/** The namespace of what this extension notes in the metadata of what it makes. */
const OWNER_NAMESPACE = 'urn:kvm-workbench:owner:1';
const OWNER_PREFIX = 'kvm';
/** For `virDomainSetMetadata`, which writes the element anew. */
export const OWNER_KEY = { namespace: OWNER_NAMESPACE, prefix: OWNER_PREFIX } as const;

/** Who made a domain or network, and from what: only its maker may change or remove it by itself. */
export interface Ownership {
  /** Which part made it, such as `environment`. */
  readonly by: string;
  /** Whose it is there: a workspace, a session. */
  readonly id?: string | undefined;
  /** What it is called there, which need not be the domain's name. */
  readonly guest?: string | undefined;
  /** A hash of what it was made from. */
  readonly hash?: string | undefined;
}

/** The metadata element that says so, with more of the maker's own, in the same namespace (`kvm:…`). */
export function ownershipElement({ by, id, guest, hash }: Ownership, ...content: NewElement[]): NewElement {
  return element(
    `${OWNER_PREFIX}:owner`,
    { [`xmlns:${OWNER_PREFIX}`]: OWNER_NAMESPACE, by, id, guest, hash },
    ...content,
  );
}

/** Reads it out of the whole XML of a domain or network; undefined when nobody claims it. */
export function ownershipIn(xml: string): Ownership | undefined {
  // Most have none, and parsing thousands of them takes its time.
  if (!xml.includes(OWNER_NAMESPACE)) return undefined;
  const owner = ownerElementIn(xml);
  const by = text(owner, '@by');
  if (by === undefined) return undefined;
  return { by, id: text(owner, '@id'), guest: text(owner, '@guest'), hash: text(owner, '@hash') };
}

/** The element itself, for what its maker has put into it; empty when there is none. */
export function ownerElementIn(xml: string): XmlObject {
  const parsed = parseXml(xml);
  const root = parsed['network'] === undefined ? 'domain' : 'network';
  return child(child(child(parsed, root), 'metadata'), 'owner');
}
