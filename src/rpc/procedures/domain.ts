import { flag, int, list, nothing, optional, string, struct, uhyper, uint, uuid } from '../codec.ts';
import { remote, remoteEvent } from '../procedure.ts';
import { domainRef, typedParameter } from '../types.ts';

/** A domain's parameters in one bulk statistics record. */
const STATS_PARAMETERS_MAX = 4096;

const domain = struct({ domain: domainRef });
const domainFlags = struct({ domain: domainRef, flags: uint });
const xmlFlags = struct({ xml: string, flags: uint });

// Reading
export const connectListAllDomains = remote(
  273,
  'CONNECT_LIST_ALL_DOMAINS',
  struct({ needResults: flag, flags: uint }),
  struct({ domains: list(domainRef), count: uint }),
);
export const connectGetAllDomainStats = remote(
  344,
  'CONNECT_GET_ALL_DOMAIN_STATS',
  struct({ domains: list(domainRef), stats: uint, flags: uint }),
  struct({
    records: list(struct({ domain: domainRef, parameters: list(typedParameter, STATS_PARAMETERS_MAX) })),
  }),
);
export const domainLookupByName = remote(23, 'DOMAIN_LOOKUP_BY_NAME', struct({ name: string }), domain);
export const domainLookupByUuid = remote(24, 'DOMAIN_LOOKUP_BY_UUID', struct({ uuid }), domain);
export const domainGetXmlDesc = remote(14, 'DOMAIN_GET_XML_DESC', domainFlags, struct({ xml: string }));
export const domainGetInfo = remote(
  16,
  'DOMAIN_GET_INFO',
  domain,
  struct({ state: uint, maxMemory: uhyper, memory: uhyper, vcpus: uint, cpuTime: uhyper }),
);
export const domainGetState = remote(
  212,
  'DOMAIN_GET_STATE',
  domainFlags,
  struct({ state: int, reason: int }),
);
export const domainIsPersistent = remote(151, 'DOMAIN_IS_PERSISTENT', domain, struct({ persistent: flag }));
export const domainGetAutostart = remote(15, 'DOMAIN_GET_AUTOSTART', domain, struct({ autostart: flag }));
export const domainHasManagedSaveImage = remote(
  183,
  'DOMAIN_HAS_MANAGED_SAVE_IMAGE',
  domainFlags,
  struct({ result: flag }),
);
export const domainListAllSnapshots = remote(
  274,
  'DOMAIN_LIST_ALL_SNAPSHOTS',
  struct({ domain: domainRef, needResults: flag, flags: uint }),
  struct({ snapshots: list(struct({ name: string, domain: domainRef })), count: int }),
);

// Changing
export const domainCreateXml = remote(10, 'DOMAIN_CREATE_XML', xmlFlags, domain);
export const domainCreateWithFlags = remote(196, 'DOMAIN_CREATE_WITH_FLAGS', domainFlags, domain);
export const domainDefineXmlFlags = remote(350, 'DOMAIN_DEFINE_XML_FLAGS', xmlFlags, domain);
export const domainUndefineFlags = remote(231, 'DOMAIN_UNDEFINE_FLAGS', domainFlags, nothing);
export const domainShutdownFlags = remote(258, 'DOMAIN_SHUTDOWN_FLAGS', domainFlags, nothing);
export const domainReboot = remote(27, 'DOMAIN_REBOOT', domainFlags, nothing);
export const domainReset = remote(245, 'DOMAIN_RESET', domainFlags, nothing);
export const domainDestroyFlags = remote(234, 'DOMAIN_DESTROY_FLAGS', domainFlags, nothing);
export const domainSuspend = remote(34, 'DOMAIN_SUSPEND', domain, nothing);
export const domainResume = remote(28, 'DOMAIN_RESUME', domain, nothing);
export const domainManagedSave = remote(182, 'DOMAIN_MANAGED_SAVE', domainFlags, nothing);
export const domainManagedSaveRemove = remote(184, 'DOMAIN_MANAGED_SAVE_REMOVE', domainFlags, nothing);
export const domainSetAutostart = remote(
  29,
  'DOMAIN_SET_AUTOSTART',
  struct({ domain: domainRef, autostart: flag }),
  nothing,
);
export const domainRename = remote(
  358,
  'DOMAIN_RENAME',
  struct({ domain: domainRef, newName: optional(string), flags: uint }),
  struct({ result: int }),
);
export const domainAbortJob = remote(164, 'DOMAIN_ABORT_JOB', domain, nothing);

// Events
export const connectDomainEventCallbackRegisterAny = remote(
  316,
  'CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY',
  struct({ eventId: int, domain: optional(domainRef) }),
  struct({ callbackId: int }),
);
export const domainEventCallbackLifecycle = remoteEvent(
  318,
  'DOMAIN_EVENT_CALLBACK_LIFECYCLE',
  struct({ callbackId: int, domain: domainRef, event: int, detail: int }),
);
