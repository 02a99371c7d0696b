import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { ObjectAddress, View } from '../../ui/domain-uri.ts';

export function domainAddress({ host, uuid }: DomainTarget, view?: View): ObjectAddress {
  return { kind: 'domain', host: host.alias, key: uuid, ...(view === undefined ? {} : { view }) };
}

/** What the document of a domain is called. */
export function nameIn({ name }: DomainTarget): string {
  return name;
}
