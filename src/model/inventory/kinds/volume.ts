import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { CreateVolume } from '../../../client/libvirt/storage/volume.ts';
import type { Kind, ObjectRecord, Touch } from './kind.ts';
import { notRedefined, parentOf, poolOf } from './xml.ts';

export interface VolumeRecord extends ObjectRecord {
  /** libvirt's key of it: for files, the path. */
  readonly path: string;
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
    for (const { name, key } of await storagePools.volumes(pool)) take(name, { name, path: key });
  },
  readOne: async (place, name) => {
    const { key } = await place.connection.storageVolumes.lookupByName(await poolOf(place), name);
    return { name, path: key };
  },
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
  actions: () => ['editXml', 'undefine'],
};
