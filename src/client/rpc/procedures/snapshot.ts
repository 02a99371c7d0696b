import { flag, int, list, nameString, nothing, string, struct, uint } from '../codec.ts';
import { lasting, remote } from '../procedure.ts';
import { domainRef } from '../types.ts';
import { domainFlags, xmlOnly } from './shapes.ts';

/** How libvirt names a snapshot in every message. */
export const snapshotRef = struct({ name: nameString, domain: domainRef });

const snapshot = struct({ snapshot: snapshotRef });
const snapshotFlags = struct({ snapshot: snapshotRef, flags: uint });
const snapshots = struct({ items: list(snapshotRef), count: int });

export const domainSnapshotCreateXml = lasting(
  185,
  'DOMAIN_SNAPSHOT_CREATE_XML',
  struct({ domain: domainRef, xml: string, flags: uint }),
  snapshot,
);

export const domainSnapshotGetXmlDesc = remote(186, 'DOMAIN_SNAPSHOT_GET_XML_DESC', snapshotFlags, xmlOnly);

export const domainSnapshotLookupByName = remote(
  189,
  'DOMAIN_SNAPSHOT_LOOKUP_BY_NAME',
  struct({ domain: domainRef, name: string, flags: uint }),
  snapshot,
);

export const domainHasCurrentSnapshot = remote(
  190,
  'DOMAIN_HAS_CURRENT_SNAPSHOT',
  domainFlags,
  struct({ result: flag }),
);

export const domainSnapshotCurrent = remote(191, 'DOMAIN_SNAPSHOT_CURRENT', domainFlags, snapshot);
export const domainRevertToSnapshot = lasting(192, 'DOMAIN_REVERT_TO_SNAPSHOT', snapshotFlags, nothing);
export const domainSnapshotDelete = lasting(193, 'DOMAIN_SNAPSHOT_DELETE', snapshotFlags, nothing);
export const domainSnapshotGetParent = remote(244, 'DOMAIN_SNAPSHOT_GET_PARENT', snapshotFlags, snapshot);

export const domainSnapshotIsCurrent = remote(
  271,
  'DOMAIN_SNAPSHOT_IS_CURRENT',
  snapshotFlags,
  struct({ current: flag }),
);

export const domainSnapshotHasMetadata = remote(
  272,
  'DOMAIN_SNAPSHOT_HAS_METADATA',
  snapshotFlags,
  struct({ metadata: flag }),
);

export const domainListAllSnapshots = remote(
  274,
  'DOMAIN_LIST_ALL_SNAPSHOTS',
  struct({ domain: domainRef, needResults: flag, flags: uint }),
  snapshots,
);

export const domainSnapshotListAllChildren = remote(
  275,
  'DOMAIN_SNAPSHOT_LIST_ALL_CHILDREN',
  struct({ snapshot: snapshotRef, needResults: flag, flags: uint }),
  snapshots,
);
