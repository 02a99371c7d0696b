import { type Codec, hyper, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { remote, remoteEvent } from '../procedure.ts';
import { domainRef, typedParameters } from '../types.ts';
import { JOB_STATS_MAX } from './domain-job.ts';

const TUNABLE_PARAMETERS_MAX = 2048;
const GRAPHICS_IDENTITIES_MAX = 20;

export const connectDomainEventCallbackRegisterAny = remote(
  316,
  'CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY',
  struct({ eventId: int, domain: optional(domainRef) }),
  struct({ callbackId: int }),
);

export const connectDomainEventCallbackDeregisterAny = remote(
  317,
  'CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY',
  struct({ callbackId: int }),
  nothing,
);

/** Every message begins with the registration that it answers and the domain that it is about. */
function about<F extends Record<string, Codec<unknown>>>(fields: F) {
  return struct({ callbackId: int, domain: domainRef, ...fields });
}

const device = about({ alias: string });
const withUnusedReason = struct({ callbackId: int, reason: int, domain: domainRef });
const graphicsAddress = struct({ family: int, node: string, service: string });

export const lifecycle = remoteEvent(
  318,
  'DOMAIN_EVENT_CALLBACK_LIFECYCLE',
  about({ event: int, detail: int }),
);

export const reboot = remoteEvent(319, 'DOMAIN_EVENT_CALLBACK_REBOOT', about({}));
export const rtcChange = remoteEvent(320, 'DOMAIN_EVENT_CALLBACK_RTC_CHANGE', about({ offset: hyper }));
export const watchdog = remoteEvent(321, 'DOMAIN_EVENT_CALLBACK_WATCHDOG', about({ action: int }));

export const ioError = remoteEvent(
  322,
  'DOMAIN_EVENT_CALLBACK_IO_ERROR',
  about({ path: string, alias: string, action: int }),
);

export const graphics = remoteEvent(
  323,
  'DOMAIN_EVENT_CALLBACK_GRAPHICS',
  about({
    phase: int,
    local: graphicsAddress,
    remote: graphicsAddress,
    authScheme: string,
    subject: list(struct({ type: string, name: string }), GRAPHICS_IDENTITIES_MAX),
  }),
);

export const ioErrorReason = remoteEvent(
  324,
  'DOMAIN_EVENT_CALLBACK_IO_ERROR_REASON',
  about({ path: string, alias: string, action: int, reason: string }),
);

export const controlError = remoteEvent(325, 'DOMAIN_EVENT_CALLBACK_CONTROL_ERROR', about({}));

export const blockJob = remoteEvent(
  326,
  'DOMAIN_EVENT_CALLBACK_BLOCK_JOB',
  about({ disk: string, type: int, status: int }),
);

export const diskChange = remoteEvent(
  327,
  'DOMAIN_EVENT_CALLBACK_DISK_CHANGE',
  about({ oldPath: optional(string), newPath: optional(string), alias: string, reason: int }),
);

export const trayChange = remoteEvent(
  328,
  'DOMAIN_EVENT_CALLBACK_TRAY_CHANGE',
  about({ alias: string, reason: int }),
);

export const pmWakeup = remoteEvent(329, 'DOMAIN_EVENT_CALLBACK_PMWAKEUP', withUnusedReason);
export const pmSuspend = remoteEvent(330, 'DOMAIN_EVENT_CALLBACK_PMSUSPEND', withUnusedReason);

export const balloonChange = remoteEvent(
  331,
  'DOMAIN_EVENT_CALLBACK_BALLOON_CHANGE',
  about({ actual: uhyper }),
);

export const pmSuspendDisk = remoteEvent(332, 'DOMAIN_EVENT_CALLBACK_PMSUSPEND_DISK', withUnusedReason);
export const deviceRemoved = remoteEvent(333, 'DOMAIN_EVENT_CALLBACK_DEVICE_REMOVED', device);

/** The same as {@link blockJob}, but with the disk's target (`vda`) where that has its source path. */
export const blockJob2 = remoteEvent(
  339,
  'DOMAIN_EVENT_BLOCK_JOB_2',
  about({ disk: string, type: int, status: int }),
);

export const tunable = remoteEvent(
  346,
  'DOMAIN_EVENT_CALLBACK_TUNABLE',
  about({ parameters: typedParameters(TUNABLE_PARAMETERS_MAX) }),
);

export const agentLifecycle = remoteEvent(
  348,
  'DOMAIN_EVENT_CALLBACK_AGENT_LIFECYCLE',
  about({ state: int, reason: int }),
);

export const deviceAdded = remoteEvent(354, 'DOMAIN_EVENT_CALLBACK_DEVICE_ADDED', device);

export const migrationIteration = remoteEvent(
  359,
  'DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION',
  about({ iteration: int }),
);

export const jobCompleted = remoteEvent(
  363,
  'DOMAIN_EVENT_CALLBACK_JOB_COMPLETED',
  about({ parameters: typedParameters(JOB_STATS_MAX) }),
);

export const deviceRemovalFailed = remoteEvent(367, 'DOMAIN_EVENT_CALLBACK_DEVICE_REMOVAL_FAILED', device);

export const metadataChange = remoteEvent(
  379,
  'DOMAIN_EVENT_CALLBACK_METADATA_CHANGE',
  about({ type: int, namespace: optional(string) }),
);

export const blockThreshold = remoteEvent(
  385,
  'DOMAIN_EVENT_BLOCK_THRESHOLD',
  about({ disk: string, path: optional(string), threshold: uhyper, excess: uhyper }),
);

export const memoryFailure = remoteEvent(
  423,
  'DOMAIN_EVENT_MEMORY_FAILURE',
  about({ recipient: int, action: int, flags: uint }),
);

export const memoryDeviceSizeChange = remoteEvent(
  438,
  'DOMAIN_EVENT_MEMORY_DEVICE_SIZE_CHANGE',
  about({ alias: string, size: uhyper }),
);
