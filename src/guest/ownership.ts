import { child, parseXml, text } from '../libvirt/xml-object.ts';
import { element, type NewElement } from '../xml/build.ts';

/** The namespace of what this extension notes in a domain's metadata. */
const OWNER_NAMESPACE = 'urn:kvm-workbench:owner:1';
const OWNER_PREFIX = 'kvm';

/** Who made a domain, and from what: only its maker may change or remove it by itself. */
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

/** The metadata element that says so. */
export function ownershipElement({ by, id, guest, hash }: Ownership, ...content: NewElement[]): NewElement {
  return element(
    `${OWNER_PREFIX}:owner`,
    { [`xmlns:${OWNER_PREFIX}`]: OWNER_NAMESPACE, by, id, guest, hash },
    ...content,
  );
}

/** Reads it out of a whole domain's XML; undefined when nobody claims the domain. */
export function ownershipIn(domainXml: string): Ownership | undefined {
  // Most domains have none, and parsing thousands of them takes its time.
  if (!domainXml.includes(OWNER_NAMESPACE)) return undefined;
  const owner = child(child(child(parseXml(domainXml), 'domain'), 'metadata'), 'owner');
  const by = text(owner, '@by');
  if (by === undefined) return undefined;
  return { by, id: text(owner, '@id'), guest: text(owner, '@guest'), hash: text(owner, '@hash') };
}
