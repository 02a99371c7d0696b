import { flag, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { remote } from '../procedure.ts';

export const authList = remote(66, 'AUTH_LIST', nothing, struct({ types: list(int, 20) }));
export const authPolkit = remote(70, 'AUTH_POLKIT', nothing, struct({ complete: flag }));
export const connectOpen = remote(
  1,
  'CONNECT_OPEN',
  struct({ name: optional(string), flags: uint }),
  nothing,
);
export const connectSupportsFeature = remote(
  60,
  'CONNECT_SUPPORTS_FEATURE',
  struct({ feature: int }),
  struct({ supported: flag }),
);
export const connectGetType = remote(3, 'CONNECT_GET_TYPE', nothing, struct({ type: string }));
export const connectGetVersion = remote(4, 'CONNECT_GET_VERSION', nothing, struct({ version: uhyper }));
export const connectGetLibVersion = remote(
  157,
  'CONNECT_GET_LIB_VERSION',
  nothing,
  struct({ version: uhyper }),
);
export const connectGetHostname = remote(59, 'CONNECT_GET_HOSTNAME', nothing, struct({ hostname: string }));
export const connectGetCapabilities = remote(
  7,
  'CONNECT_GET_CAPABILITIES',
  nothing,
  struct({ capabilities: string }),
);
