import { flag, nameString, nothing, string, struct, uint } from '../codec.ts';
import { remote } from '../procedure.ts';
import { flagsOnly, listArgs, listOf, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';

/** How libvirt names a host interface in every message. */
export const interfaceRef = struct({ name: nameString, mac: nameString });

const interfaceOnly = struct({ interface: interfaceRef });
const interfaceFlags = struct({ interface: interfaceRef, flags: uint });

export const connectListAllInterfaces = remote(
  284,
  'CONNECT_LIST_ALL_INTERFACES',
  listArgs,
  listOf(interfaceRef),
);

export const interfaceLookupByName = remote(128, 'INTERFACE_LOOKUP_BY_NAME', nameOnly, interfaceOnly);

export const interfaceLookupByMacString = remote(
  129,
  'INTERFACE_LOOKUP_BY_MAC_STRING',
  struct({ mac: string }),
  interfaceOnly,
);

export const interfaceGetXmlDesc = remote(130, 'INTERFACE_GET_XML_DESC', interfaceFlags, xmlOnly);
export const interfaceIsActive = remote(156, 'INTERFACE_IS_ACTIVE', interfaceOnly, struct({ active: flag }));
export const interfaceDefineXml = remote(131, 'INTERFACE_DEFINE_XML', xmlFlags, interfaceOnly);
export const interfaceUndefine = remote(132, 'INTERFACE_UNDEFINE', interfaceOnly, nothing);
export const interfaceCreate = remote(133, 'INTERFACE_CREATE', interfaceFlags, nothing);
export const interfaceDestroy = remote(134, 'INTERFACE_DESTROY', interfaceFlags, nothing);
export const interfaceChangeBegin = remote(220, 'INTERFACE_CHANGE_BEGIN', flagsOnly, nothing);
export const interfaceChangeCommit = remote(221, 'INTERFACE_CHANGE_COMMIT', flagsOnly, nothing);
export const interfaceChangeRollback = remote(222, 'INTERFACE_CHANGE_ROLLBACK', flagsOnly, nothing);
