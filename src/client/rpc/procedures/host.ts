import { flag, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { quick, remote } from '../procedure.ts';
import { charArray, charList } from '../types.ts';
import { flagsOnly } from './shapes.ts';

const CPU_MODELS_MAX = 8192;
const NODE_STATS_MAX = 16;
const SECURITY_NAME_MAX = 257;

const capabilities = struct({ capabilities: string });
const nodeStats = struct({
  values: list(struct({ field: string, value: uhyper }), NODE_STATS_MAX),
  count: int,
});

export const nodeGetInfo = remote(
  6,
  'NODE_GET_INFO',
  nothing,
  struct({
    model: charArray(32),
    memory: uhyper,
    cpus: int,
    mhz: int,
    nodes: int,
    sockets: int,
    cores: int,
    threads: int,
  }),
);

export const nodeGetSecurityModel = quick(
  122,
  'NODE_GET_SECURITY_MODEL',
  nothing,
  struct({ model: charList(SECURITY_NAME_MAX), doi: charList(SECURITY_NAME_MAX) }),
);

export const nodeGetFreeMemory = remote(102, 'NODE_GET_FREE_MEMORY', nothing, struct({ free: uhyper }));

export const nodeGetCpuStats = remote(
  227,
  'NODE_GET_CPU_STATS',
  struct({ cpu: int, count: int, flags: uint }),
  nodeStats,
);

export const nodeGetMemoryStats = remote(
  228,
  'NODE_GET_MEMORY_STATS',
  struct({ count: int, cell: int, flags: uint }),
  nodeStats,
);

export const connectGetMaxVcpus = remote(
  5,
  'CONNECT_GET_MAX_VCPUS',
  struct({ type: optional(string) }),
  struct({ max: int }),
);

export const connectGetSysinfo = remote(203, 'CONNECT_GET_SYSINFO', flagsOnly, struct({ sysinfo: string }));

export const connectGetCpuModelNames = remote(
  312,
  'CONNECT_GET_CPU_MODEL_NAMES',
  struct({ arch: string, needResults: flag, flags: uint }),
  struct({ models: list(string, CPU_MODELS_MAX), count: int }),
);

export const connectGetDomainCapabilities = remote(
  342,
  'CONNECT_GET_DOMAIN_CAPABILITIES',
  struct({
    emulator: optional(string),
    arch: optional(string),
    machine: optional(string),
    virtType: optional(string),
    flags: uint,
  }),
  capabilities,
);

export const connectGetStoragePoolCapabilities = remote(
  403,
  'CONNECT_GET_STORAGE_POOL_CAPABILITIES',
  flagsOnly,
  capabilities,
);

export const connectDomainXmlFromNative = remote(
  135,
  'CONNECT_DOMAIN_XML_FROM_NATIVE',
  struct({ format: string, config: string, flags: uint }),
  struct({ xml: string }),
);

export const connectDomainXmlToNative = remote(
  136,
  'CONNECT_DOMAIN_XML_TO_NATIVE',
  struct({ format: string, xml: string, flags: uint }),
  struct({ config: string }),
);
