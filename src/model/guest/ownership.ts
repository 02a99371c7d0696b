import { child, parseXml, text, type XmlObject } from '../../client/libvirt/xml-object.ts';
import { element, type NewElement } from '../../language/xml/build.ts';

/** The namespace of this extension's notes in the metadata of the objects that it creates. */
const OWNER_NAMESPACE = 'urn:kvm-workbench:owner:1';
const OWNER_PREFIX = 'kvm';
/** For `virDomainSetMetadata`, which writes the element anew. */
export const OWNER_KEY = { namespace: OWNER_NAMESPACE, prefix: OWNER_PREFIX } as const;

/** Who created a domain or network, and from what: only its creator may change or remove it unasked. */
export interface Ownership {
  /** Which part made it, such as `environment`. */
  readonly by: string;
  /** The owner within that part: a workspace, a session. */
  readonly id?: string | undefined;
  /** Its name there, which may differ from the domain's. */
  readonly guest?: string | undefined;
  /** A hash of what it was made from. */
  readonly hash?: string | undefined;
}

/** The metadata element with the ownership and more children of the creator's, in the same namespace (`kvm:…`). */
export function ownershipElement({ by, id, guest, hash }: Ownership, ...content: NewElement[]): NewElement {
  return element(
    `${OWNER_PREFIX}:owner`,
    { [`xmlns:${OWNER_PREFIX}`]: OWNER_NAMESPACE, by, id, guest, hash },
    ...content,
  );
}

/** Reads the ownership from the XML of a domain or network; undefined when nobody claims it. */
export function ownershipIn(xml: string): Ownership | undefined {
  // Most have none, and parsing thousands of them takes its time.
  if (!xml.includes(OWNER_NAMESPACE)) return undefined;
  const owner = ownerElementIn(xml);
  const by = text(owner, '@by');
  if (by === undefined) return undefined;
  return { by, id: text(owner, '@id'), guest: text(owner, '@guest'), hash: text(owner, '@hash') };
}

/** The metadata element, with the creator's own children; empty when there is none. */
export function ownerElementIn(xml: string): XmlObject {
  const parsed = parseXml(xml);
  const root = parsed['network'] === undefined ? 'domain' : 'network';
  return child(child(child(parsed, root), 'metadata'), 'owner');
}
