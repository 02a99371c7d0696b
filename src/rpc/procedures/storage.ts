import { nothing, string, struct, uint } from '../codec.ts';
import { remote } from '../procedure.ts';

/** How libvirt names a volume in every message. */
export const volumeRef = struct({ pool: string, name: string, key: string });

export const storageVolLookupByPath = remote(
  97,
  'STORAGE_VOL_LOOKUP_BY_PATH',
  struct({ path: string }),
  struct({ volume: volumeRef }),
);
export const storageVolDelete = remote(
  94,
  'STORAGE_VOL_DELETE',
  struct({ volume: volumeRef, flags: uint }),
  nothing,
);
