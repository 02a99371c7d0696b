import { flag, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { lasting, remote } from '../procedure.ts';
import { domainRef, typedParameters } from '../types.ts';
import { domainFlags, xmlOnly } from './shapes.ts';

const BLOCK_COPY_PARAMETERS_MAX = 16;
const DISK_ERRORS_MAX = 256;

const diskFlags = struct({ domain: domainRef, disk: string, flags: uint });
const diskBandwidth = struct({ domain: domainRef, disk: string, bandwidth: uhyper, flags: uint });

export const domainBlockResize = lasting(
  251,
  'DOMAIN_BLOCK_RESIZE',
  struct({ domain: domainRef, disk: string, size: uhyper, flags: uint }),
  nothing,
);

export const domainGetBlockInfo = remote(
  194,
  'DOMAIN_GET_BLOCK_INFO',
  diskFlags,
  struct({ allocation: uhyper, capacity: uhyper, physical: uhyper }),
);

export const domainGetDiskErrors = remote(
  263,
  'DOMAIN_GET_DISK_ERRORS',
  struct({ domain: domainRef, max: uint, flags: uint }),
  struct({ errors: list(struct({ disk: string, error: int }), DISK_ERRORS_MAX), count: int }),
);

export const domainSetBlockThreshold = remote(
  386,
  'DOMAIN_SET_BLOCK_THRESHOLD',
  struct({ domain: domainRef, disk: string, threshold: uhyper, flags: uint }),
  nothing,
);

// Block jobs

export const domainBlockJobAbort = lasting(237, 'DOMAIN_BLOCK_JOB_ABORT', diskFlags, nothing);

export const domainGetBlockJobInfo = remote(
  238,
  'DOMAIN_GET_BLOCK_JOB_INFO',
  diskFlags,
  struct({ found: flag, type: int, bandwidth: uhyper, current: uhyper, end: uhyper }),
);

export const domainBlockJobSetSpeed = remote(239, 'DOMAIN_BLOCK_JOB_SET_SPEED', diskBandwidth, nothing);
export const domainBlockPull = remote(240, 'DOMAIN_BLOCK_PULL', diskBandwidth, nothing);

export const domainBlockRebase = remote(
  266,
  'DOMAIN_BLOCK_REBASE',
  struct({ domain: domainRef, disk: string, base: optional(string), bandwidth: uhyper, flags: uint }),
  nothing,
);

export const domainBlockCommit = remote(
  290,
  'DOMAIN_BLOCK_COMMIT',
  struct({
    domain: domainRef,
    disk: string,
    base: optional(string),
    top: optional(string),
    bandwidth: uhyper,
    flags: uint,
  }),
  nothing,
);

export const domainBlockCopy = remote(
  345,
  'DOMAIN_BLOCK_COPY',
  struct({
    domain: domainRef,
    disk: string,
    xml: string,
    parameters: typedParameters(BLOCK_COPY_PARAMETERS_MAX),
    flags: uint,
  }),
  nothing,
);

// Backups

export const domainBackupBegin = remote(
  421,
  'DOMAIN_BACKUP_BEGIN',
  struct({ domain: domainRef, backupXml: string, checkpointXml: optional(string), flags: uint }),
  nothing,
);

export const domainBackupGetXmlDesc = remote(422, 'DOMAIN_BACKUP_GET_XML_DESC', domainFlags, xmlOnly);
