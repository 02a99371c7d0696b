import { flag, int, list, nothing, optional, string, struct, uhyper, uint, uuid } from '../codec.ts';
import { lasting, quick, remote } from '../procedure.ts';
import { charList, domainRef, typedParameters } from '../types.ts';
import { domainFlags, domainOnly, listArgs, listOf, nameOnly, xmlFlags, xmlOnly } from './shapes.ts';

/** What the parameters of all records of one bulk statistics reply may add up to. */
const STATS_PARAMETERS_MAX = 262144;
const MESSAGES_MAX = 2048;
const SECURITY_LABEL_MAX = 4097;

// Reading

export const connectListAllDomains = remote(273, 'CONNECT_LIST_ALL_DOMAINS', listArgs, listOf(domainRef));

export const statsRecord = struct({ domain: domainRef, parameters: typedParameters(STATS_PARAMETERS_MAX) });

export const connectGetAllDomainStats = remote(
  344,
  'CONNECT_GET_ALL_DOMAIN_STATS',
  struct({ domains: list(domainRef), stats: uint, flags: uint }),
  struct({ records: list(statsRecord) }),
);

export const domainLookupById = quick(22, 'DOMAIN_LOOKUP_BY_ID', struct({ id: int }), domainOnly);
export const domainLookupByName = quick(23, 'DOMAIN_LOOKUP_BY_NAME', nameOnly, domainOnly);
export const domainLookupByUuid = quick(24, 'DOMAIN_LOOKUP_BY_UUID', struct({ uuid }), domainOnly);

export const domainGetXmlDesc = quick(14, 'DOMAIN_GET_XML_DESC', domainFlags, xmlOnly);

export const domainGetInfo = quick(
  16,
  'DOMAIN_GET_INFO',
  domainOnly,
  struct({ state: uint, maxMemory: uhyper, memory: uhyper, vcpus: uint, cpuTime: uhyper }),
);

export const domainGetState = quick(
  212,
  'DOMAIN_GET_STATE',
  domainFlags,
  struct({ state: int, reason: int }),
);

export const domainIsActive = quick(150, 'DOMAIN_IS_ACTIVE', domainOnly, struct({ active: flag }));

export const domainIsPersistent = quick(
  151,
  'DOMAIN_IS_PERSISTENT',
  domainOnly,
  struct({ persistent: flag }),
);

export const domainIsUpdated = quick(202, 'DOMAIN_IS_UPDATED', domainOnly, struct({ updated: flag }));

export const domainGetAutostart = quick(15, 'DOMAIN_GET_AUTOSTART', domainOnly, struct({ autostart: flag }));

export const domainGetOsType = quick(19, 'DOMAIN_GET_OS_TYPE', domainOnly, struct({ type: string }));

export const domainGetMetadata = remote(
  265,
  'DOMAIN_GET_METADATA',
  struct({ domain: domainRef, type: int, uri: optional(string), flags: uint }),
  struct({ metadata: string }),
);

export const domainGetSecurityLabel = quick(
  121,
  'DOMAIN_GET_SECURITY_LABEL',
  domainOnly,
  struct({ label: charList(SECURITY_LABEL_MAX), enforcing: flag }),
);

export const domainGetMessages = quick(
  426,
  'DOMAIN_GET_MESSAGES',
  domainFlags,
  struct({ messages: list(string, MESSAGES_MAX) }),
);

// Definitions

export const domainCreateXml = lasting(10, 'DOMAIN_CREATE_XML', xmlFlags, domainOnly);
export const domainDefineXmlFlags = remote(350, 'DOMAIN_DEFINE_XML_FLAGS', xmlFlags, domainOnly);
export const domainUndefineFlags = remote(231, 'DOMAIN_UNDEFINE_FLAGS', domainFlags, nothing);

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

export const domainSetMetadata = remote(
  264,
  'DOMAIN_SET_METADATA',
  struct({
    domain: domainRef,
    type: int,
    metadata: optional(string),
    key: optional(string),
    uri: optional(string),
    flags: uint,
  }),
  nothing,
);

export const domainSetLifecycleAction = remote(
  390,
  'DOMAIN_SET_LIFECYCLE_ACTION',
  struct({ domain: domainRef, type: uint, action: uint, flags: uint }),
  nothing,
);

// Power

export const domainCreateWithFlags = lasting(196, 'DOMAIN_CREATE_WITH_FLAGS', domainFlags, domainOnly);
export const domainShutdownFlags = lasting(258, 'DOMAIN_SHUTDOWN_FLAGS', domainFlags, nothing);
export const domainReboot = remote(27, 'DOMAIN_REBOOT', domainFlags, nothing);
export const domainReset = remote(245, 'DOMAIN_RESET', domainFlags, nothing);
export const domainDestroyFlags = remote(234, 'DOMAIN_DESTROY_FLAGS', domainFlags, nothing);
export const domainSuspend = remote(34, 'DOMAIN_SUSPEND', domainOnly, nothing);
export const domainResume = remote(28, 'DOMAIN_RESUME', domainOnly, nothing);

export const domainPmSuspendForDuration = remote(
  261,
  'DOMAIN_PM_SUSPEND_FOR_DURATION',
  struct({ domain: domainRef, target: uint, duration: uhyper, flags: uint }),
  nothing,
);

export const domainPmWakeup = remote(267, 'DOMAIN_PM_WAKEUP', domainFlags, nothing);
