import { flag, int, list, nothing, optional, string, struct, uint } from '../codec.ts';
import { remote, remoteEvent } from '../procedure.ts';
import { listArgs, listOf, nameFlags, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';

/** libvirt's limit for devices and for what one device can do. */
const NODE_DEVICES_MAX = 65536;

/** How libvirt names a node device in every message. */
const nodeDeviceRef = nameOnly;

const device = struct({ device: nodeDeviceRef });

export const connectListAllNodeDevices = remote(
  285,
  'CONNECT_LIST_ALL_NODE_DEVICES',
  listArgs,
  listOf(nodeDeviceRef, NODE_DEVICES_MAX),
);

export const nodeDeviceLookupByName = remote(113, 'NODE_DEVICE_LOOKUP_BY_NAME', nameOnly, device);

export const nodeDeviceLookupScsiHostByWwn = remote(
  297,
  'NODE_DEVICE_LOOKUP_SCSI_HOST_BY_WWN',
  struct({ wwnn: string, wwpn: string, flags: uint }),
  device,
);

export const nodeDeviceGetXmlDesc = remote(114, 'NODE_DEVICE_GET_XML_DESC', nameFlags, xmlOnly);

export const nodeDeviceGetParent = remote(
  115,
  'NODE_DEVICE_GET_PARENT',
  nameOnly,
  struct({ parent: optional(string) }),
);

export const nodeDeviceListCaps = remote(
  117,
  'NODE_DEVICE_LIST_CAPS',
  struct({ name: string, max: int }),
  struct({ names: list(string, NODE_DEVICES_MAX) }),
);

export const nodeDeviceIsActive = remote(436, 'NODE_DEVICE_IS_ACTIVE', nameOnly, struct({ active: flag }));

export const nodeDeviceIsPersistent = remote(
  435,
  'NODE_DEVICE_IS_PERSISTENT',
  nameOnly,
  struct({ persistent: flag }),
);

export const nodeDeviceGetAutostart = remote(
  433,
  'NODE_DEVICE_GET_AUTOSTART',
  nameOnly,
  struct({ autostart: flag }),
);

export const nodeDeviceSetAutostart = remote(
  434,
  'NODE_DEVICE_SET_AUTOSTART',
  struct({ name: string, autostart: flag }),
  nothing,
);

export const nodeDeviceCreateXml = remote(123, 'NODE_DEVICE_CREATE_XML', xmlFlags, device);
export const nodeDeviceDestroy = remote(124, 'NODE_DEVICE_DESTROY', nameOnly, nothing);
export const nodeDeviceDefineXml = remote(428, 'NODE_DEVICE_DEFINE_XML', xmlFlags, device);
export const nodeDeviceUndefine = remote(429, 'NODE_DEVICE_UNDEFINE', nameFlags, nothing);
export const nodeDeviceCreate = remote(430, 'NODE_DEVICE_CREATE', nameFlags, nothing);

export const nodeDeviceDetachFlags = remote(
  301,
  'NODE_DEVICE_DETACH_FLAGS',
  struct({ name: string, driver: optional(string), flags: uint }),
  nothing,
);

export const nodeDeviceReAttach = remote(119, 'NODE_DEVICE_RE_ATTACH', nameOnly, nothing);
export const nodeDeviceReset = remote(120, 'NODE_DEVICE_RESET', nameOnly, nothing);

// Events

export const connectNodeDeviceEventRegisterAny = remote(
  374,
  'CONNECT_NODE_DEVICE_EVENT_REGISTER_ANY',
  struct({ eventId: int, device: optional(nodeDeviceRef) }),
  struct({ callbackId: int }),
);

export const connectNodeDeviceEventDeregisterAny = remote(
  375,
  'CONNECT_NODE_DEVICE_EVENT_DEREGISTER_ANY',
  struct({ callbackId: int }),
  nothing,
);

export const nodeDeviceEventLifecycle = remoteEvent(
  376,
  'NODE_DEVICE_EVENT_LIFECYCLE',
  struct({ callbackId: int, device: nodeDeviceRef, event: int, detail: int }),
);

export const nodeDeviceEventUpdate = remoteEvent(
  377,
  'NODE_DEVICE_EVENT_UPDATE',
  struct({ callbackId: int, device: nodeDeviceRef }),
);
