import { int, nameString, nothing, optional, struct, uint, uuid } from '../codec.ts';
import { remote, remoteEvent } from '../procedure.ts';
import { opaque } from '../types.ts';
import { listArgs, listOf, xmlFlags, xmlOnly } from './shapes.ts';

/** How libvirt names a secret in every message. */
export const secretRef = struct({ uuid, usageType: int, usageId: nameString });

const SECRET_VALUE_MAX = 65536;

const secret = struct({ secret: secretRef });
const secretFlags = struct({ secret: secretRef, flags: uint });

export const connectListAllSecrets = remote(287, 'CONNECT_LIST_ALL_SECRETS', listArgs, listOf(secretRef));
export const secretLookupByUuid = remote(141, 'SECRET_LOOKUP_BY_UUID', struct({ uuid }), secret);

export const secretLookupByUsage = remote(
  147,
  'SECRET_LOOKUP_BY_USAGE',
  struct({ usageType: int, usageId: nameString }),
  secret,
);

export const secretGetXmlDesc = remote(143, 'SECRET_GET_XML_DESC', secretFlags, xmlOnly);
export const secretDefineXml = remote(142, 'SECRET_DEFINE_XML', xmlFlags, secret);
export const secretUndefine = remote(146, 'SECRET_UNDEFINE', secret, nothing);

export const secretSetValue = remote(
  144,
  'SECRET_SET_VALUE',
  struct({ secret: secretRef, value: opaque(SECRET_VALUE_MAX), flags: uint }),
  nothing,
);

export const secretGetValue = remote(
  145,
  'SECRET_GET_VALUE',
  secretFlags,
  struct({ value: opaque(SECRET_VALUE_MAX) }),
);

// Events

export const connectSecretEventRegisterAny = remote(
  380,
  'CONNECT_SECRET_EVENT_REGISTER_ANY',
  struct({ eventId: int, secret: optional(secretRef) }),
  struct({ callbackId: int }),
);

export const connectSecretEventDeregisterAny = remote(
  381,
  'CONNECT_SECRET_EVENT_DEREGISTER_ANY',
  struct({ callbackId: int }),
  nothing,
);

export const secretEventLifecycle = remoteEvent(
  382,
  'SECRET_EVENT_LIFECYCLE',
  struct({ callbackId: int, secret: secretRef, event: int, detail: int }),
);

export const secretEventValueChanged = remoteEvent(
  383,
  'SECRET_EVENT_VALUE_CHANGED',
  struct({ callbackId: int, secret: secretRef }),
);
