import { int, nothing, string, struct, uhyper, uint } from '../codec.ts';
import { remote } from '../procedure.ts';
import { domainRef, typedParameters } from '../types.ts';
import { domainFlags, domainOnly } from './shapes.ts';

const GUEST_VCPU_PARAMETERS_MAX = 64;

const deviceXml = struct({ domain: domainRef, xml: string, flags: uint });
const vcpuSet = struct({ domain: domainRef, cpuMap: string, state: int, flags: uint });

export const domainAttachDeviceFlags = remote(160, 'DOMAIN_ATTACH_DEVICE_FLAGS', deviceXml, nothing);
export const domainDetachDeviceFlags = remote(161, 'DOMAIN_DETACH_DEVICE_FLAGS', deviceXml, nothing);
export const domainUpdateDeviceFlags = remote(174, 'DOMAIN_UPDATE_DEVICE_FLAGS', deviceXml, nothing);

export const domainDetachDeviceAlias = remote(
  392,
  'DOMAIN_DETACH_DEVICE_ALIAS',
  struct({ domain: domainRef, alias: string, flags: uint }),
  nothing,
);

// vCPUs

export const domainSetVcpusFlags = remote(
  199,
  'DOMAIN_SET_VCPUS_FLAGS',
  struct({ domain: domainRef, vcpus: uint, flags: uint }),
  nothing,
);

export const domainGetVcpusFlags = remote(200, 'DOMAIN_GET_VCPUS_FLAGS', domainFlags, struct({ vcpus: int }));
export const domainSetVcpu = remote(384, 'DOMAIN_SET_VCPU', vcpuSet, nothing);

export const domainGetGuestVcpus = remote(
  371,
  'DOMAIN_GET_GUEST_VCPUS',
  domainFlags,
  struct({ parameters: typedParameters(GUEST_VCPU_PARAMETERS_MAX) }),
);

export const domainSetGuestVcpus = remote(372, 'DOMAIN_SET_GUEST_VCPUS', vcpuSet, nothing);

// Memory

export const domainSetMemoryFlags = remote(
  204,
  'DOMAIN_SET_MEMORY_FLAGS',
  struct({ domain: domainRef, memory: uhyper, flags: uint }),
  nothing,
);

export const domainGetMaxMemory = remote(17, 'DOMAIN_GET_MAX_MEMORY', domainOnly, struct({ memory: uhyper }));

export const domainSetMemoryStatsPeriod = remote(
  308,
  'DOMAIN_SET_MEMORY_STATS_PERIOD',
  struct({ domain: domainRef, period: int, flags: uint }),
  nothing,
);
