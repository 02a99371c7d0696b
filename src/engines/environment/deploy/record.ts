import {
  OWNER_KEY,
  type Ownership,
  ownershipElement,
  ownershipIn,
  ownerElementIn,
} from '../../../model/guest/ownership.ts';
import { children, text } from '../../../client/libvirt/xml-object.ts';
import { Affect } from '../../../client/libvirt/affect.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { element, type NewElement, writeXml } from '../../../language/xml/build.ts';
import { type Facets, hashOf } from './facets.ts';

/** Which part of the extension made it. */
const BY = 'environment';

/** A volume that was made for a guest, and goes with it. */
export interface OwnedVolume {
  readonly pool: string;
  readonly name: string;
}

/** What the metadata of a domain that Up made says about it. */
export interface GuestRecord {
  /** The workspace. */
  readonly id: string;
  /** The guest's name in the file. */
  readonly guest: string;
  /** The kvm.yaml, for a person. */
  readonly file: string;
  readonly facets: Facets;
  readonly volumes: readonly OwnedVolume[];
}

/** Elements of the record are in the namespace of the owner. */
export function recordElement({ id, guest, file, facets, volumes }: GuestRecord): NewElement {
  return ownershipElement(
    { by: BY, id, guest, hash: hashOf(facets) },
    element('kvm:file', {}, file),
    ...[...facets].map(([key, value]) => element('kvm:facet', { key, text: value })),
    ...volumes.map(({ pool, name }) => element('kvm:volume', { pool, name })),
  );
}

/** Undefined for a domain or network that no kvm.yaml made. */
export function recordIn(xml: string): GuestRecord | undefined {
  const owner = ownershipIn(xml);
  if (!isOurs(owner)) return undefined;
  const root = ownerElementIn(xml);
  const facets = children(root, 'facet').map(
    (each) => [text(each, '@key') ?? '', text(each, '@text') ?? ''] as const,
  );
  const volumes = children(root, 'volume').map((each) => ({
    pool: text(each, '@pool') ?? '',
    name: text(each, '@name') ?? '',
  }));
  return {
    id: owner.id,
    guest: owner.guest,
    file: text(root, 'file') ?? '',
    facets: new Map(facets),
    volumes,
  };
}

/** Writes the record anew, without defining the domain again. */
export async function noteFacets(
  { domainMetadata }: Connection,
  domain: DomainRef,
  record: GuestRecord,
): Promise<void> {
  const xml = writeXml(recordElement(record)).trim();
  await domainMetadata.setElement(domain, { ...OWNER_KEY, xml }, Affect.CONFIG);
}

function isOurs(owner: Ownership | undefined): owner is Ownership & { id: string; guest: string } {
  return owner?.by === BY && owner.id !== undefined && owner.guest !== undefined;
}
