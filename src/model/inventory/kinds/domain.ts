import { t } from '@vscode/l10n';
import { DefineDomain, DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DOMAIN_ACTIONS, isPossible } from './domain-actions.ts';
import { type DomainRecord, nextRecord, refOf, sameRecord } from './domain-record.ts';
import { readAllDomains, readDomain } from './domain-reader.ts';
import type { Kind, ObjectXml, Place } from './kind.ts';
import { definition, secure } from './xml.ts';

/** Guests, by their UUIDs. A host that is connected always follows them. */
export const domainKind: Kind<DomainRecord> = {
  name: 'domain',
  words: {
    get one() {
      return t('domain');
    },
    get many() {
      return t('Domains');
    },
  },
  gone: [ErrorCode.NO_DOMAIN],
  xml: {
    root: 'domain',
    read: readXml,
    define: async ({ connection }, xml, flags) => (await connection.domains.defineXml(xml, flags)).uuid,
    validate: DefineDomain.VALIDATE,
    templates: async () => (await import('./templates/domain.ts')).domainTemplates(),
  },
  readAll: ({ connection }, take) => readAllDomains(connection.domains, take),
  readOne: ({ connection }, key) => readDomain(connection.domains, key),
  // Devices and metadata are in the XML alone, which a document shows.
  follow: ({ connection: { domainEvents } }, touch) =>
    (['lifecycle', 'deviceAdded', 'deviceRemoved', 'metadataChange'] as const).map((event) =>
      domainEvents.on(event, ({ domain }) => touch(domain.uuid)),
    ),
  next: nextRecord,
  same: sameRecord,
  isComplete: ({ size }) => size !== undefined,
  complete: async ({ connection }, _, record) => {
    const { vcpus, memoryKiB } = await connection.domains.info(refOf(record));
    return { ...record, size: { vcpus, memoryKiB } };
  },
  undefine: async ({ connection }, key) =>
    connection.domains.undefine(await connection.domains.lookupByUuid(key)),
  actions: (record) => DOMAIN_ACTIONS.filter((action) => isPossible(action, record)),
};

async function readXml({ connection: { domains } }: Place, key: string, live: boolean): Promise<ObjectXml> {
  const domain = await domains.lookupByUuid(key);
  const persistent = await domains.isPersistent(domain);
  const inactive = persistent && !live ? DomainXml.INACTIVE : 0;
  const read = await secure((flags) => domains.xml(domain, inactive | flags));
  return { xml: read.xml, readOnly: read.readOnly ?? definition(read.xml, live, persistent).readOnly };
}
