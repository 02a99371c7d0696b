/** What a pool is made from, part by part; each type needs some of them. */
export type PoolPart =
  /** The servers that have the data. */
  | 'hosts'
  /** One block device of the host. */
  | 'device'
  /** Block devices of the host, of which a volume group is made. */
  | 'devices'
  /** What an iSCSI server calls its target: an IQN. */
  | 'target'
  /** A directory that a server exports. */
  | 'directory'
  /** How the source itself calls it: a volume group, a Ceph pool, a Gluster volume. */
  | 'sourceName'
  /** A SCSI host adapter, such as `scsi_host0`. */
  | 'adapter'
  /** How we name ourselves to an iSCSI server: an IQN. */
  | 'initiator'
  /** What is on the device, or how it is reached. */
  | 'format'
  /** Who we are to a server. */
  | 'auth'
  /** Where the volumes are seen on the host. */
  | 'path';

/** What libvirt knows a type by. */
export const POOL_TYPES = [
  'dir',
  'fs',
  'netfs',
  'logical',
  'disk',
  'iscsi',
  'iscsi-direct',
  'scsi',
  'mpath',
  'rbd',
  'gluster',
  'zfs',
  'vstorage',
] as const;

export type PoolType = (typeof POOL_TYPES)[number];

/** What a type is made from and how it behaves. */
export interface PoolTypeFacts {
  readonly needs: readonly PoolPart[];
  readonly may: readonly PoolPart[];
  /** What building it does to what is there already; `nothing` where there is nothing to build. */
  readonly build: 'nothing' | 'directory' | 'overwrites';
  /** libvirt can say what such a pool could be made from. */
  readonly discovers: boolean;
  /** How a secret for it is used; undefined where it takes none. */
  readonly auth: 'ceph' | 'chap' | undefined;
  /** libvirt moves the bytes of its volumes over its own connection. */
  readonly transfers: boolean;
}

const NONE: PoolTypeFacts = {
  needs: [],
  may: [],
  build: 'nothing',
  discovers: false,
  auth: undefined,
  transfers: true,
};

/** In the order in which a person is asked for the parts. */
const FACTS: Readonly<Record<PoolType, PoolTypeFacts>> = {
  dir: { ...NONE, needs: ['path'], build: 'directory' },
  fs: { ...NONE, needs: ['device', 'path'], may: ['format'], build: 'overwrites' },
  netfs: {
    ...NONE,
    needs: ['hosts', 'directory', 'path'],
    may: ['format'],
    build: 'directory',
    discovers: true,
  },
  logical: { ...NONE, needs: ['sourceName'], may: ['devices'], build: 'overwrites', discovers: true },
  disk: { ...NONE, needs: ['device', 'path'], may: ['format'], build: 'overwrites' },
  iscsi: {
    ...NONE,
    needs: ['hosts', 'target', 'path'],
    may: ['initiator', 'auth'],
    discovers: true,
    auth: 'chap',
  },
  'iscsi-direct': {
    ...NONE,
    needs: ['hosts', 'target', 'initiator'],
    may: ['auth'],
    discovers: true,
    auth: 'chap',
    transfers: false,
  },
  scsi: { ...NONE, needs: ['adapter', 'path'] },
  mpath: { ...NONE, needs: ['path'] },
  rbd: { ...NONE, needs: ['hosts', 'sourceName'], may: ['auth'], auth: 'ceph', transfers: false },
  gluster: {
    ...NONE,
    needs: ['hosts', 'sourceName'],
    may: ['directory'],
    discovers: true,
    transfers: false,
  },
  zfs: { ...NONE, needs: ['sourceName'], may: ['device'], build: 'overwrites', discovers: true },
  vstorage: { ...NONE, needs: ['sourceName', 'path'], build: 'directory' },
};

/** What is known of a type. */
export function poolTypeFacts(type: PoolType): PoolTypeFacts {
  return FACTS[type];
}
