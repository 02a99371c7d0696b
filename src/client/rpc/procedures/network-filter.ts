import { nameString, nothing, string, struct, uint, uuid } from '../codec.ts';
import { remote } from '../procedure.ts';
import { listArgs, listOf, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';

/** How libvirt names a network filter in every message. */
export const filterRef = struct({ name: nameString, uuid });

/** How libvirt names the use of a filter on one port of a guest. */
export const filterBindingRef = struct({ portDevice: nameString, filterName: nameString });

const filter = struct({ filter: filterRef });
const binding = struct({ binding: filterBindingRef });

export const connectListAllNwfilters = remote(286, 'CONNECT_LIST_ALL_NWFILTERS', listArgs, listOf(filterRef));

export const nwfilterLookupByName = remote(175, 'NWFILTER_LOOKUP_BY_NAME', nameOnly, filter);
export const nwfilterLookupByUuid = remote(176, 'NWFILTER_LOOKUP_BY_UUID', struct({ uuid }), filter);

export const nwfilterGetXmlDesc = remote(
  177,
  'NWFILTER_GET_XML_DESC',
  struct({ filter: filterRef, flags: uint }),
  xmlOnly,
);

export const nwfilterDefineXml = remote(180, 'NWFILTER_DEFINE_XML', xmlOnly, filter);
export const nwfilterDefineXmlFlags = remote(431, 'NWFILTER_DEFINE_XML_FLAGS', xmlFlags, filter);
export const nwfilterUndefine = remote(181, 'NWFILTER_UNDEFINE', filter, nothing);

// Bindings

export const connectListAllNwfilterBindings = remote(
  401,
  'CONNECT_LIST_ALL_NWFILTER_BINDINGS',
  listArgs,
  listOf(filterBindingRef),
);

export const nwfilterBindingLookupByPortDev = remote(
  397,
  'NWFILTER_BINDING_LOOKUP_BY_PORT_DEV',
  struct({ portDevice: string }),
  binding,
);

export const nwfilterBindingGetXmlDesc = remote(
  398,
  'NWFILTER_BINDING_GET_XML_DESC',
  struct({ binding: filterBindingRef, flags: uint }),
  xmlOnly,
);

export const nwfilterBindingCreateXml = remote(399, 'NWFILTER_BINDING_CREATE_XML', xmlFlags, binding);
export const nwfilterBindingDelete = remote(400, 'NWFILTER_BINDING_DELETE', binding, nothing);
