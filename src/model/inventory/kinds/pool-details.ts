import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';

export interface PoolDetails {
  /** libvirt's word for what it is made of, such as `dir`. */
  readonly type: string;
  /** Where its volumes are seen on the host; undefined for pools without such a place. */
  readonly path: string | undefined;
}

/** What the XML of a storage pool says of it in a few words. @throws Error when it is no XML. */
export function readPoolDetails(xml: string): PoolDetails {
  const pool = child(parseXml(xml), 'pool');
  return { type: text(pool, '@type') ?? '', path: text(child(pool, 'target'), 'path')?.trim() };
}
