import { flag, hyper, int, nothing, optional, string, struct, uint, uuid } from '../codec.ts';
import { remote, remoteEvent } from '../procedure.ts';
import { networkRef } from '../types.ts';
import { listArgs, listOf, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';

const LEASES_MAX = 65536;

const network = struct({ network: networkRef });
const networkFlags = struct({ network: networkRef, flags: uint });

export const connectListAllNetworks = remote(283, 'CONNECT_LIST_ALL_NETWORKS', listArgs, listOf(networkRef));
export const networkLookupByName = remote(46, 'NETWORK_LOOKUP_BY_NAME', nameOnly, network);
export const networkLookupByUuid = remote(47, 'NETWORK_LOOKUP_BY_UUID', struct({ uuid }), network);
export const networkGetXmlDesc = remote(43, 'NETWORK_GET_XML_DESC', networkFlags, xmlOnly);
export const networkIsActive = remote(152, 'NETWORK_IS_ACTIVE', network, struct({ active: flag }));

export const networkIsPersistent = remote(
  153,
  'NETWORK_IS_PERSISTENT',
  network,
  struct({ persistent: flag }),
);

export const networkGetAutostart = remote(44, 'NETWORK_GET_AUTOSTART', network, struct({ autostart: flag }));
export const networkGetBridgeName = remote(45, 'NETWORK_GET_BRIDGE_NAME', network, nameOnly);

export const networkGetDhcpLeases = remote(
  341,
  'NETWORK_GET_DHCP_LEASES',
  struct({ network: networkRef, mac: optional(string), needResults: flag, flags: uint }),
  listOf(
    struct({
      interface: string,
      expiryTime: hyper,
      type: int,
      mac: optional(string),
      iaid: optional(string),
      address: string,
      prefix: uint,
      hostname: optional(string),
      clientId: optional(string),
    }),
    LEASES_MAX,
  ),
);

export const networkCreateXml = remote(40, 'NETWORK_CREATE_XML', xmlOnly, network);
export const networkCreateXmlFlags = remote(437, 'NETWORK_CREATE_XML_FLAGS', xmlFlags, network);
export const networkDefineXml = remote(41, 'NETWORK_DEFINE_XML', xmlOnly, network);
export const networkDefineXmlFlags = remote(432, 'NETWORK_DEFINE_XML_FLAGS', xmlFlags, network);
export const networkCreate = remote(39, 'NETWORK_CREATE', network, nothing);
export const networkDestroy = remote(42, 'NETWORK_DESTROY', network, nothing);
export const networkUndefine = remote(49, 'NETWORK_UNDEFINE', network, nothing);

export const networkSetAutostart = remote(
  48,
  'NETWORK_SET_AUTOSTART',
  struct({ network: networkRef, autostart: flag }),
  nothing,
);

/** A daemon before libvirt 7.2 takes the section where this has the command, and the other way round. */
export const networkUpdate = remote(
  291,
  'NETWORK_UPDATE',
  struct({
    network: networkRef,
    command: uint,
    section: uint,
    parentIndex: int,
    xml: string,
    flags: uint,
  }),
  nothing,
);

// Events

export const connectNetworkEventRegisterAny = remote(
  313,
  'CONNECT_NETWORK_EVENT_REGISTER_ANY',
  struct({ eventId: int, network: optional(networkRef) }),
  struct({ callbackId: int }),
);

export const connectNetworkEventDeregisterAny = remote(
  314,
  'CONNECT_NETWORK_EVENT_DEREGISTER_ANY',
  struct({ callbackId: int }),
  nothing,
);

export const networkEventLifecycle = remoteEvent(
  315,
  'NETWORK_EVENT_LIFECYCLE',
  struct({ callbackId: int, network: networkRef, event: int, detail: int }),
);
