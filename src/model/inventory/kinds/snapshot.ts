import { t } from '@vscode/l10n';
import { CreateSnapshot, DeleteSnapshot } from '../../../client/libvirt/domain/snapshot.ts';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import type { Kind, Place } from './kind.ts';
import { domainOf, secure } from './xml.ts';

/** The snapshots of one domain, by their names. libvirt has no events of them. */
export const snapshotKind: Kind = {
  name: 'snapshot',
  words: {
    get one() {
      return t('snapshot');
    },
    get many() {
      return t('Snapshots');
    },
  },
  parent: 'domain',
  gone: [ErrorCode.NO_DOMAIN_SNAPSHOT, ErrorCode.NO_DOMAIN],
  xml: {
    root: 'domainsnapshot',
    read: async (place, key) => {
      const { snapshots } = place.connection;
      const snapshot = await snapshots.lookupByName(await domainOf(place), key);
      return secure((flags) => snapshots.xml(snapshot, flags));
    },
    define,
    validate: CreateSnapshot.VALIDATE,
    templates: async () => (await import('./templates/snapshot.ts')).snapshotTemplates(),
  },
  readAll: async (place, take) => {
    for (const { name } of await place.connection.snapshots.list(await domainOf(place))) take(name, { name });
  },
  readOne: async (place, key) => {
    const { name } = await place.connection.snapshots.lookupByName(await domainOf(place), key);
    return { name };
  },
  undefine: async (place, key) => {
    const { snapshots } = place.connection;
    const snapshot = await snapshots.lookupByName(await domainOf(place), key);
    await snapshots.delete(snapshot, DeleteSnapshot.METADATA_ONLY);
  },
  actions: () => ['editXml', 'undefine'],
};

/** A snapshot that is there is redefined, one without a `key` is taken. */
async function define(place: Place, xml: string, flags: number, key: string | undefined): Promise<string> {
  const { snapshots } = place.connection;
  const domain = await domainOf(place);
  if (key === undefined) return (await snapshots.create(domain, xml, flags)).name;
  const current = await snapshots.isCurrent(await snapshots.lookupByName(domain, key));
  const redefine = CreateSnapshot.REDEFINE | (current ? CreateSnapshot.CURRENT : 0);
  return (await snapshots.create(domain, xml, redefine | flags)).name;
}
