import { flag, nothing, optional, string, struct, uint } from '../codec.ts';
import { lasting, quick, remote } from '../procedure.ts';
import { domainRef } from '../types.ts';
import { domainFlags, xmlOnly } from './shapes.ts';

// Managed save

export const domainManagedSave = lasting(182, 'DOMAIN_MANAGED_SAVE', domainFlags, nothing);

export const domainHasManagedSaveImage = quick(
  183,
  'DOMAIN_HAS_MANAGED_SAVE_IMAGE',
  domainFlags,
  struct({ result: flag }),
);

export const domainManagedSaveRemove = remote(184, 'DOMAIN_MANAGED_SAVE_REMOVE', domainFlags, nothing);

export const domainManagedSaveGetXmlDesc = remote(
  388,
  'DOMAIN_MANAGED_SAVE_GET_XML_DESC',
  domainFlags,
  xmlOnly,
);

export const domainManagedSaveDefineXml = remote(
  389,
  'DOMAIN_MANAGED_SAVE_DEFINE_XML',
  struct({ domain: domainRef, xml: optional(string), flags: uint }),
  nothing,
);

// Files that a caller names

export const domainSaveFlags = lasting(
  232,
  'DOMAIN_SAVE_FLAGS',
  struct({ domain: domainRef, to: string, xml: optional(string), flags: uint }),
  nothing,
);

export const domainRestoreFlags = lasting(
  233,
  'DOMAIN_RESTORE_FLAGS',
  struct({ from: string, xml: optional(string), flags: uint }),
  nothing,
);

export const domainSaveImageGetXmlDesc = remote(
  235,
  'DOMAIN_SAVE_IMAGE_GET_XML_DESC',
  struct({ file: string, flags: uint }),
  xmlOnly,
);

export const domainSaveImageDefineXml = remote(
  236,
  'DOMAIN_SAVE_IMAGE_DEFINE_XML',
  struct({ file: string, xml: string, flags: uint }),
  nothing,
);

export const domainCoreDumpWithFormat = lasting(
  334,
  'DOMAIN_CORE_DUMP_WITH_FORMAT',
  struct({ domain: domainRef, to: string, format: uint, flags: uint }),
  nothing,
);
