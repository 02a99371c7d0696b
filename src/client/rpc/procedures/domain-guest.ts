import { hyper, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { lasting, remote } from '../procedure.ts';
import { domainRef, typedParameters } from '../types.ts';
import { domainFlags } from './shapes.ts';

const GUEST_INFO_MAX = 2048;
const INTERFACES_MAX = 2048;
const ADDRESSES_MAX = 2048;
const FILE_SYSTEMS_MAX = 256;
const FILE_SYSTEM_DISKS_MAX = 256;
const MOUNT_POINTS_MAX = 256;
const SSH_KEYS_MAX = 2048;
const KEYS_MAX = 16;

const mountPoints = struct({ domain: domainRef, mountPoints: list(string, MOUNT_POINTS_MAX), flags: uint });
const count = struct({ count: int });

// What the guest, or its host, knows about it

export const domainInterfaceAddresses = remote(
  353,
  'DOMAIN_INTERFACE_ADDRESSES',
  struct({ domain: domainRef, source: uint, flags: uint }),
  struct({
    interfaces: list(
      struct({
        name: string,
        hwaddr: optional(string),
        addresses: list(struct({ type: int, address: string, prefix: uint }), ADDRESSES_MAX),
      }),
      INTERFACES_MAX,
    ),
  }),
);

export const domainGetHostname = remote(
  277,
  'DOMAIN_GET_HOSTNAME',
  domainFlags,
  struct({ hostname: string }),
);

export const domainGetGuestInfo = remote(
  418,
  'DOMAIN_GET_GUEST_INFO',
  struct({ domain: domainRef, types: uint, flags: uint }),
  struct({ parameters: typedParameters(GUEST_INFO_MAX) }),
);

export const domainGetFsInfo = remote(
  349,
  'DOMAIN_GET_FSINFO',
  domainFlags,
  struct({
    fileSystems: list(
      struct({
        mountPoint: string,
        name: string,
        type: string,
        deviceAliases: list(string, FILE_SYSTEM_DISKS_MAX),
      }),
      FILE_SYSTEMS_MAX,
    ),
    count: uint,
  }),
);

// File systems

export const domainFsFreeze = lasting(335, 'DOMAIN_FSFREEZE', mountPoints, count);
export const domainFsThaw = remote(336, 'DOMAIN_FSTHAW', mountPoints, count);

export const domainFsTrim = lasting(
  294,
  'DOMAIN_FSTRIM',
  struct({ domain: domainRef, mountPoint: optional(string), minimum: uhyper, flags: uint }),
  nothing,
);

// Clock

export const domainGetTime = remote(
  337,
  'DOMAIN_GET_TIME',
  domainFlags,
  struct({ seconds: hyper, nanoseconds: uint }),
);

export const domainSetTime = remote(
  338,
  'DOMAIN_SET_TIME',
  struct({ domain: domainRef, seconds: hyper, nanoseconds: uint, flags: uint }),
  nothing,
);

// Users

export const domainSetUserPassword = remote(
  357,
  'DOMAIN_SET_USER_PASSWORD',
  struct({ domain: domainRef, user: optional(string), password: optional(string), flags: uint }),
  nothing,
);

export const domainAuthorizedSshKeysGet = remote(
  424,
  'DOMAIN_AUTHORIZED_SSH_KEYS_GET',
  struct({ domain: domainRef, user: string, flags: uint }),
  struct({ keys: list(string, SSH_KEYS_MAX) }),
);

export const domainAuthorizedSshKeysSet = remote(
  425,
  'DOMAIN_AUTHORIZED_SSH_KEYS_SET',
  struct({ domain: domainRef, user: string, keys: list(string, SSH_KEYS_MAX), flags: uint }),
  nothing,
);

export const domainAgentSetResponseTimeout = remote(
  420,
  'DOMAIN_AGENT_SET_RESPONSE_TIMEOUT',
  struct({ domain: domainRef, timeout: int, flags: uint }),
  struct({ result: int }),
);

// Input

export const domainSendKey = remote(
  226,
  'DOMAIN_SEND_KEY',
  struct({
    domain: domainRef,
    codeSet: uint,
    holdTime: uint,
    keyCodes: list(uint, KEYS_MAX),
    flags: uint,
  }),
  nothing,
);

export const domainInjectNmi = remote(210, 'DOMAIN_INJECT_NMI', domainFlags, nothing);
