import { flag, int, nothing, string, struct, uint, uuid } from '../codec.ts';
import { remote } from '../procedure.ts';
import { networkRef, typedParameters } from '../types.ts';
import { listOf, xmlOnly } from './shapes.ts';

/** How libvirt names a network port in every message. */
export const networkPortRef = struct({ network: networkRef, uuid });

const PORT_PARAMETERS_MAX = 16;

const port = struct({ port: networkPortRef });
const portFlags = struct({ port: networkPortRef, flags: uint });

export const networkListAllPorts = remote(
  404,
  'NETWORK_LIST_ALL_PORTS',
  struct({ network: networkRef, needResults: flag, flags: uint }),
  listOf(networkPortRef),
);

export const networkPortLookupByUuid = remote(
  405,
  'NETWORK_PORT_LOOKUP_BY_UUID',
  struct({ network: networkRef, uuid }),
  port,
);

export const networkPortCreateXml = remote(
  406,
  'NETWORK_PORT_CREATE_XML',
  struct({ network: networkRef, xml: string, flags: uint }),
  port,
);

export const networkPortGetParameters = remote(
  407,
  'NETWORK_PORT_GET_PARAMETERS',
  struct({ port: networkPortRef, count: int, flags: uint }),
  struct({ parameters: typedParameters(PORT_PARAMETERS_MAX), count: int }),
);

export const networkPortSetParameters = remote(
  408,
  'NETWORK_PORT_SET_PARAMETERS',
  struct({ port: networkPortRef, parameters: typedParameters(PORT_PARAMETERS_MAX), flags: uint }),
  nothing,
);

export const networkPortGetXmlDesc = remote(409, 'NETWORK_PORT_GET_XML_DESC', portFlags, xmlOnly);
export const networkPortDelete = remote(410, 'NETWORK_PORT_DELETE', portFlags, nothing);
