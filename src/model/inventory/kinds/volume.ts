import { isDeepStrictEqual } from 'node:util';
import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { CreateVolume, type StorageVolumes } from '../../../client/libvirt/storage/volume.ts';
import { Turn } from '../../../client/rpc/turn.ts';
import type { Kind, ObjectRecord, Touch } from './kind.ts';
import type { VolumeDetails } from './volume-details.ts';
import { notRedefined, parentOf, poolOf } from './xml.ts';

export interface VolumeRecord extends ObjectRecord {
  /** libvirt's key of it: for files, the path. */
  readonly path: string;
  /** The name of its pool. */
  readonly pool: string;
  /** What takes a call for each; unknown until somebody looks. */
  readonly details: VolumeDetails | undefined;
  /** The details are older than the last list, so that they are read again. */
  readonly stale?: true;
}

/** The storage volumes of one pool, by their names there. An inactive pool has none that anybody knows of. */
export const volumeKind: Kind<VolumeRecord> = {
  name: 'volume',
  words: {
    get one() {
      return t('volume');
    },
    get many() {
      return t('Volumes');
    },
  },
  parent: 'pool',
  gone: [ErrorCode.NO_STORAGE_VOL, ErrorCode.NO_STORAGE_POOL],
  xml: {
    root: 'volume',
    read: async (place, key) => {
      const { storageVolumes } = place.connection;
      const volume = await storageVolumes.lookupByName(await poolOf(place), key);
      return { xml: await storageVolumes.xml(volume), readOnly: notRedefined() };
    },
    define: async (place, xml, flags) =>
      (await place.connection.storageVolumes.create(await poolOf(place), xml, flags)).name,
    validate: CreateVolume.VALIDATE,
    templates: async () => (await import('./templates/volume.ts')).volumeTemplates(),
  },
  readAll: async (place, take) => {
    const { storagePools } = place.connection;
    const pool = await poolOf(place);
    if (!(await storagePools.isActive(pool))) return;
    const turn = new Turn();
    for (const volume of await storagePools.volumes(pool)) {
      take(volume.name, recordOf(volume));
      if (turn.isOver) await turn.next();
    }
  },
  readOne: async (place, name) => {
    const { storageVolumes } = place.connection;
    const volume = await storageVolumes.lookupByName(await poolOf(place), name);
    return { ...recordOf(volume), details: await readDetails(storageVolumes, volume) };
  },
  // They are shown until they have been read again.
  next: (before, now) =>
    now.details !== undefined || before?.details === undefined
      ? now
      : { ...now, details: before.details, stale: true },
  same: (a, b) => isDeepStrictEqual(visible(a), visible(b)),
  isComplete: ({ details, stale }) => details !== undefined && stale === undefined,
  complete: async ({ connection }, _, record) => ({
    ...recordOf(refOf(record)),
    details: await readDetails(connection.storageVolumes, refOf(record)),
  }),
  // libvirt has no events of volumes: a pool tells when its list was made anew.
  follow: (place, touch: Touch) => {
    const { storagePools } = place.connection;
    const changed = ({ pool }: { readonly pool: { readonly uuid: string } }) => {
      if (pool.uuid === parentOf(place)) touch();
    };
    return [storagePools.onLifecycle(changed), storagePools.onRefresh(changed)];
  },
  undefine: async (place, key) => {
    const { storageVolumes } = place.connection;
    await storageVolumes.delete(await storageVolumes.lookupByName(await poolOf(place), key));
  },
  actions: () => ['editXml', 'clone', 'resize', 'download', 'copyPath', 'wipe', 'delete'],
};

/** What a person sees of it. */
function visible({ name, path, pool, details }: VolumeRecord): object {
  return { name, path, pool, details };
}

/** How libvirt calls name this volume. */
function refOf({ pool, name, path }: VolumeRecord): VolumeRef {
  return { pool, name, key: path };
}

function recordOf({ pool, name, key }: VolumeRef): VolumeRecord {
  return { name, pool, path: key, details: undefined };
}

async function readDetails(volumes: StorageVolumes, volume: VolumeRef): Promise<VolumeDetails> {
  const [{ readVolumeDetails }, xml] = await Promise.all([
    import('./volume-details.ts'),
    volumes.xml(volume),
  ]);
  return readVolumeDetails(xml);
}
