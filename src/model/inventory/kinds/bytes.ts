import { child, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** A size that libvirt wrote of a pool or volume, in bytes, its only unit there; undefined where it wrote none. */
export function bytes(element: XmlObject, name: string): bigint | undefined {
  const found = text(element, name)?.trim();
  const unit = text(child(element, name), '@unit') ?? 'bytes';
  return found !== undefined && unit === 'bytes' && /^\d{1,20}$/u.test(found) ? BigInt(found) : undefined;
}
