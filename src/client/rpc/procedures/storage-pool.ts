import { flag, int, nothing, optional, string, struct, uhyper, uint, uuid } from '../codec.ts';
import { lasting, remote, remoteEvent } from '../procedure.ts';
import { listArgs, listOf, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';
import { volumeOnly, volumeRef } from './storage-volume.ts';
import { storagePoolRef } from '../types.ts';

const pool = struct({ pool: storagePoolRef });
const poolFlags = struct({ pool: storagePoolRef, flags: uint });

export const connectListAllStoragePools = remote(
  281,
  'CONNECT_LIST_ALL_STORAGE_POOLS',
  listArgs,
  listOf(storagePoolRef),
);

export const connectFindStoragePoolSources = remote(
  75,
  'CONNECT_FIND_STORAGE_POOL_SOURCES',
  struct({ type: string, source: optional(string), flags: uint }),
  xmlOnly,
);

export const storagePoolLookupByName = remote(84, 'STORAGE_POOL_LOOKUP_BY_NAME', nameOnly, pool);
export const storagePoolLookupByUuid = remote(85, 'STORAGE_POOL_LOOKUP_BY_UUID', struct({ uuid }), pool);
export const storagePoolLookupByVolume = remote(86, 'STORAGE_POOL_LOOKUP_BY_VOLUME', volumeOnly, pool);

export const storagePoolLookupByTargetPath = remote(
  391,
  'STORAGE_POOL_LOOKUP_BY_TARGET_PATH',
  struct({ path: string }),
  pool,
);

export const storagePoolGetInfo = remote(
  87,
  'STORAGE_POOL_GET_INFO',
  pool,
  struct({ state: uint, capacity: uhyper, allocation: uhyper, available: uhyper }),
);

export const storagePoolGetXmlDesc = remote(88, 'STORAGE_POOL_GET_XML_DESC', poolFlags, xmlOnly);
export const storagePoolIsActive = remote(154, 'STORAGE_POOL_IS_ACTIVE', pool, struct({ active: flag }));

export const storagePoolIsPersistent = remote(
  155,
  'STORAGE_POOL_IS_PERSISTENT',
  pool,
  struct({ persistent: flag }),
);

export const storagePoolGetAutostart = remote(
  89,
  'STORAGE_POOL_GET_AUTOSTART',
  pool,
  struct({ autostart: flag }),
);

export const storagePoolListAllVolumes = remote(
  282,
  'STORAGE_POOL_LIST_ALL_VOLUMES',
  struct({ pool: storagePoolRef, needResults: flag, flags: uint }),
  listOf(volumeRef),
);

export const storagePoolCreateXml = lasting(76, 'STORAGE_POOL_CREATE_XML', xmlFlags, pool);
export const storagePoolDefineXml = remote(77, 'STORAGE_POOL_DEFINE_XML', xmlFlags, pool);
export const storagePoolCreate = lasting(78, 'STORAGE_POOL_CREATE', poolFlags, nothing);
export const storagePoolBuild = lasting(79, 'STORAGE_POOL_BUILD', poolFlags, nothing);
export const storagePoolDestroy = remote(80, 'STORAGE_POOL_DESTROY', pool, nothing);
export const storagePoolDelete = remote(81, 'STORAGE_POOL_DELETE', poolFlags, nothing);
export const storagePoolUndefine = remote(82, 'STORAGE_POOL_UNDEFINE', pool, nothing);
export const storagePoolRefresh = lasting(83, 'STORAGE_POOL_REFRESH', poolFlags, nothing);

export const storagePoolSetAutostart = remote(
  90,
  'STORAGE_POOL_SET_AUTOSTART',
  struct({ pool: storagePoolRef, autostart: flag }),
  nothing,
);

// Events

export const connectStoragePoolEventRegisterAny = remote(
  368,
  'CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY',
  struct({ eventId: int, pool: optional(storagePoolRef) }),
  struct({ callbackId: int }),
);

export const connectStoragePoolEventDeregisterAny = remote(
  369,
  'CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY',
  struct({ callbackId: int }),
  nothing,
);

export const storagePoolEventLifecycle = remoteEvent(
  370,
  'STORAGE_POOL_EVENT_LIFECYCLE',
  struct({ callbackId: int, pool: storagePoolRef, event: int, detail: int }),
);

export const storagePoolEventRefresh = remoteEvent(
  373,
  'STORAGE_POOL_EVENT_REFRESH',
  struct({ callbackId: int, pool: storagePoolRef }),
);
