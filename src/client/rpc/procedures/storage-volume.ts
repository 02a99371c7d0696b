import { int, nameString, nothing, string, struct, uhyper, uint } from '../codec.ts';
import { lasting, remote } from '../procedure.ts';
import { storagePoolRef } from '../types.ts';
import { xmlOnly } from './shapes.ts';

/** How libvirt names a volume in every message. */
export const volumeRef = struct({ pool: nameString, name: nameString, key: nameString });

export const volumeOnly = struct({ volume: volumeRef });
const volumeFlags = struct({ volume: volumeRef, flags: uint });

export const storageVolLookupByName = remote(
  95,
  'STORAGE_VOL_LOOKUP_BY_NAME',
  struct({ pool: storagePoolRef, name: string }),
  volumeOnly,
);

export const storageVolLookupByKey = remote(
  96,
  'STORAGE_VOL_LOOKUP_BY_KEY',
  struct({ key: string }),
  volumeOnly,
);

export const storageVolLookupByPath = remote(
  97,
  'STORAGE_VOL_LOOKUP_BY_PATH',
  struct({ path: string }),
  volumeOnly,
);

export const storageVolGetInfoFlags = remote(
  378,
  'STORAGE_VOL_GET_INFO_FLAGS',
  volumeFlags,
  struct({ type: int, capacity: uhyper, allocation: uhyper }),
);

export const storageVolGetInfo = remote(
  98,
  'STORAGE_VOL_GET_INFO',
  volumeOnly,
  struct({ type: int, capacity: uhyper, allocation: uhyper }),
);

export const storageVolGetXmlDesc = remote(99, 'STORAGE_VOL_GET_XML_DESC', volumeFlags, xmlOnly);
export const storageVolGetPath = remote(100, 'STORAGE_VOL_GET_PATH', volumeOnly, struct({ path: string }));

export const storageVolCreateXml = lasting(
  93,
  'STORAGE_VOL_CREATE_XML',
  struct({ pool: storagePoolRef, xml: string, flags: uint }),
  volumeOnly,
);

export const storageVolCreateXmlFrom = lasting(
  125,
  'STORAGE_VOL_CREATE_XML_FROM',
  struct({ pool: storagePoolRef, xml: string, source: volumeRef, flags: uint }),
  volumeOnly,
);

export const storageVolDelete = lasting(94, 'STORAGE_VOL_DELETE', volumeFlags, nothing);

export const storageVolResize = lasting(
  260,
  'STORAGE_VOL_RESIZE',
  struct({ volume: volumeRef, capacity: uhyper, flags: uint }),
  nothing,
);

export const storageVolWipePattern = lasting(
  259,
  'STORAGE_VOL_WIPE_PATTERN',
  struct({ volume: volumeRef, algorithm: uint, flags: uint }),
  nothing,
);
