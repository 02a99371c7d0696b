import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DefineFilter } from '../../../client/libvirt/network/filter.ts';
import type { Kind, ObjectRecord } from './kind.ts';

export interface FilterRecord extends ObjectRecord {
  readonly uuid: string;
}

/** Network filters, by their UUIDs. libvirt has no events of them. */
export const filterKind: Kind<FilterRecord> = {
  name: 'filter',
  words: {
    get one() {
      return t('network filter');
    },
    get many() {
      return t('Network Filters');
    },
  },
  gone: [ErrorCode.NO_NWFILTER],
  xml: {
    root: 'filter',
    read: async ({ connection: { networkFilters } }, key) => ({
      xml: await networkFilters.xml(await networkFilters.lookupByUuid(key)),
      readOnly: undefined,
    }),
    define: async ({ connection }, xml, flags) =>
      (await connection.networkFilters.defineXml(xml, flags)).uuid,
    validate: DefineFilter.VALIDATE,
  },
  readAll: async ({ connection }, take) => {
    for (const { uuid, name } of await connection.networkFilters.list()) take(uuid, { uuid, name });
  },
  readOne: async ({ connection }, key) => {
    const { uuid, name } = await connection.networkFilters.lookupByUuid(key);
    return { uuid, name };
  },
  undefine: async ({ connection: { networkFilters } }, key) =>
    networkFilters.undefine(await networkFilters.lookupByUuid(key)),
  actions: () => ['editXml', 'undefine'],
};
