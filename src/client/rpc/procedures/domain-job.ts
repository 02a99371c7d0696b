import { int, nothing, struct, uhyper } from '../codec.ts';
import { remote } from '../procedure.ts';
import { typedParameters } from '../types.ts';
import { domainFlags, domainOnly } from './shapes.ts';

/** libvirt's limit for the statistics of one job, also in the event that tells of its end. */
export const JOB_STATS_MAX = 64;

export const domainGetJobInfo = remote(
  163,
  'DOMAIN_GET_JOB_INFO',
  domainOnly,
  struct({
    type: int,
    timeElapsed: uhyper,
    timeRemaining: uhyper,
    dataTotal: uhyper,
    dataProcessed: uhyper,
    dataRemaining: uhyper,
    memoryTotal: uhyper,
    memoryProcessed: uhyper,
    memoryRemaining: uhyper,
    diskTotal: uhyper,
    diskProcessed: uhyper,
    diskRemaining: uhyper,
  }),
);

export const domainGetJobStats = remote(
  298,
  'DOMAIN_GET_JOB_STATS',
  domainFlags,
  struct({ type: int, parameters: typedParameters(JOB_STATS_MAX) }),
);

export const domainAbortJob = remote(164, 'DOMAIN_ABORT_JOB', domainOnly, nothing);
export const domainAbortJobFlags = remote(442, 'DOMAIN_ABORT_JOB_FLAGS', domainFlags, nothing);

// What a migration is bound by

export const domainMigrateGetMaxDowntime = remote(
  387,
  'DOMAIN_MIGRATE_GET_MAX_DOWNTIME',
  domainFlags,
  struct({ downtime: uhyper }),
);

export const domainMigrateGetMaxSpeed = remote(
  242,
  'DOMAIN_MIGRATE_GET_MAX_SPEED',
  domainFlags,
  struct({ bandwidth: uhyper }),
);

export const domainMigrateGetCompressionCache = remote(
  299,
  'DOMAIN_MIGRATE_GET_COMPRESSION_CACHE',
  domainFlags,
  struct({ size: uhyper }),
);
