import type { ValueOf } from '../../rpc/codec.ts';
import type { volumeRef } from '../../rpc/procedures/storage-volume.ts';
import type { storagePoolRef } from '../../rpc/types.ts';

/** How a pool is named in every call. */
export type StoragePoolRef = ValueOf<typeof storagePoolRef>;

/** How a volume is named in every call: its pool, its name there, and its key (for files, the path). */
export type VolumeRef = ValueOf<typeof volumeRef>;
