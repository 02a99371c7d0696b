import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DefinePool, ListPools, PoolXml } from '../../../client/libvirt/storage/pool.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import type { Kind, ObjectRecord, Place } from './kind.ts';
import { keysOf, powerActions, type PowerState } from './power.ts';
import { definition } from './xml.ts';

export interface PoolRecord extends ObjectRecord, PowerState {
  readonly uuid: string;
  /** What only its XML says; unknown until somebody looks. */
  readonly details: PoolDetails | undefined;
}

export interface PoolDetails {
  /** libvirt's word for what it is made of, such as `dir`. */
  readonly type: string;
  /** Where its volumes are seen on the host; undefined for pools without such a place. */
  readonly path: string | undefined;
}

/** Storage pools, by their UUIDs. */
export const poolKind: Kind<PoolRecord> = {
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
  xml: {
    root: 'pool',
    read: async ({ connection: { storagePools } }, key, live) => {
      const pool = await storagePools.lookupByUuid(key);
      const persistent = await storagePools.isPersistent(pool);
      const xml = await storagePools.xml(pool, persistent && !live ? PoolXml.INACTIVE : 0);
      return definition(xml, live, persistent);
    },
    define: async ({ connection }, xml, flags) => (await connection.storagePools.defineXml(xml, flags)).uuid,
    validate: DefinePool.VALIDATE,
    same: (a, b) => withoutUse(a) === withoutUse(b),
    templates: async () => (await import('./templates/pool.ts')).poolTemplates(),
  },
  readAll: async ({ connection: { storagePools } }, take) => {
    const [all, active, persistent, autostart] = await Promise.all([
      storagePools.list(),
      storagePools.list(ListPools.ACTIVE).then(keysOf),
      storagePools.list(ListPools.PERSISTENT).then(keysOf),
      storagePools.list(ListPools.AUTOSTART).then(keysOf),
    ]);
    for (const { uuid, name } of all)
      take(uuid, {
        uuid,
        name,
        active: active.has(uuid),
        persistent: persistent.has(uuid),
        autostart: autostart.has(uuid),
        details: undefined,
      });
  },
  readOne: async (place, key) => {
    const { storagePools } = place.connection;
    const pool = await storagePools.lookupByUuid(key);
    const [active, persistent, autostart, details] = await Promise.all([
      storagePools.isActive(pool),
      storagePools.isPersistent(pool),
      storagePools.autostart(pool),
      readDetails(place, pool),
    ]);
    return { uuid: key, name: pool.name, active, persistent, autostart, details };
  },
  follow: ({ connection: { storagePools } }, touch) => [
    storagePools.onLifecycle(({ pool }) => touch(pool.uuid)),
    storagePools.onRefresh(({ pool }) => touch(pool.uuid)),
  ],
  next: (before, now) => ({ ...now, details: now.details ?? before?.details }),
  isComplete: ({ details }) => details !== undefined,
  complete: async (place, key, record) => ({
    ...record,
    details: await readDetails(place, await place.connection.storagePools.lookupByUuid(key)),
  }),
  undefine: async ({ connection: { storagePools } }, key) =>
    storagePools.undefine(await storagePools.lookupByUuid(key)),
  actions: powerActions,
};

/** The XML parser is loaded with the first pool that somebody looks at. */
async function readDetails({ connection }: Place, pool: StoragePoolRef): Promise<PoolDetails> {
  const [xml, { child, parseXml, text }] = await Promise.all([
    connection.storagePools.xml(pool),
    import('../../../client/libvirt/xml-object.ts'),
  ]);
  const root = child(parseXml(xml), 'pool');
  return { type: text(root, '@type') ?? '', path: text(child(root, 'target'), 'path')?.trim() };
}

/** Numbers that change by themselves are no change of a definition. */
function withoutUse(pool: string): string {
  return pool.replaceAll(/<(capacity|allocation|available)\b[^>]*>[^<]*<\/\1>/g, '');
}
