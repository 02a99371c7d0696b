import { flag, int, list, nameString, nothing, string, struct, uint } from '../codec.ts';
import { lasting, remote } from '../procedure.ts';
import { domainRef } from '../types.ts';
import { xmlOnly } from './shapes.ts';

/** How libvirt names a checkpoint in every message. */
export const checkpointRef = struct({ name: nameString, domain: domainRef });

const checkpoint = struct({ checkpoint: checkpointRef });
const checkpointFlags = struct({ checkpoint: checkpointRef, flags: uint });
const checkpoints = struct({ items: list(checkpointRef), count: int });

export const domainCheckpointCreateXml = lasting(
  411,
  'DOMAIN_CHECKPOINT_CREATE_XML',
  struct({ domain: domainRef, xml: string, flags: uint }),
  checkpoint,
);

export const domainCheckpointGetXmlDesc = remote(
  412,
  'DOMAIN_CHECKPOINT_GET_XML_DESC',
  checkpointFlags,
  xmlOnly,
);

export const domainListAllCheckpoints = remote(
  413,
  'DOMAIN_LIST_ALL_CHECKPOINTS',
  struct({ domain: domainRef, needResults: flag, flags: uint }),
  checkpoints,
);

export const domainCheckpointListAllChildren = remote(
  414,
  'DOMAIN_CHECKPOINT_LIST_ALL_CHILDREN',
  struct({ checkpoint: checkpointRef, needResults: flag, flags: uint }),
  checkpoints,
);

export const domainCheckpointLookupByName = remote(
  415,
  'DOMAIN_CHECKPOINT_LOOKUP_BY_NAME',
  struct({ domain: domainRef, name: string, flags: uint }),
  checkpoint,
);

export const domainCheckpointGetParent = remote(
  416,
  'DOMAIN_CHECKPOINT_GET_PARENT',
  checkpointFlags,
  checkpoint,
);

export const domainCheckpointDelete = lasting(417, 'DOMAIN_CHECKPOINT_DELETE', checkpointFlags, nothing);
