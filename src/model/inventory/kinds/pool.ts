import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DefinePool, ListPools, PoolXml } from '../../../client/libvirt/storage/pool.ts';
import type { Kind } from './kind.ts';
import type { PoolDetails } from './pool-details.ts';
import { powered, type PoweredRecord } from './power.ts';

export type PoolRecord = PoweredRecord<PoolDetails>;

const { readXml, ...shared } = powered({
  calls: ({ storagePools }) => storagePools,
  flags: ListPools,
  inactive: PoolXml.INACTIVE,
  details: async ({ storagePools }, ref) => {
    const [{ readPoolDetails }, xml, { state }] = await Promise.all([
      import('./pool-details.ts'),
      storagePools.xml(ref),
      storagePools.info(ref),
    ]);
    const details = readPoolDetails(xml);
    // One that was stopped keeps its last numbers.
    return { ...details, state, space: state === 'inactive' ? undefined : details.space };
  },
});

/** Storage pools, by their UUIDs. */
export const poolKind: Kind<PoolRecord> = {
  ...shared,
  name: 'pool',
  words: {
    get one() {
      return t('storage pool');
    },
    get many() {
      return t('Storage Pools');
    },
  },
  gone: [ErrorCode.NO_STORAGE_POOL],
  actions: (record) => [
    ...shared.actions(record).filter((action) => action !== 'undefine'),
    ...(record.active ? ['refresh', 'createVolume', 'upload'] : []),
    'remove',
  ],
  xml: {
    root: 'pool',
    read: readXml,
    define: async ({ connection }, xml, flags) => (await connection.storagePools.defineXml(xml, flags)).uuid,
    validate: DefinePool.VALIDATE,
    same: (a, b) => withoutUse(a) === withoutUse(b),
    templates: async () => (await import('./templates/pool.ts')).poolTemplates(),
  },
  follow: ({ connection: { storagePools } }, touch) => [
    storagePools.onLifecycle(({ pool }) => touch(pool.uuid)),
    storagePools.onRefresh(({ pool }) => touch(pool.uuid)),
  ],
};

/** Numbers that change by themselves are no change of a definition. */
function withoutUse(pool: string): string {
  return pool.replaceAll(/<(capacity|allocation|available)\b[^>]*>[^<]*<\/\1>/g, '');
}
