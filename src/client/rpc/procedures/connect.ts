import { type Codec, flag, int, list, nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { lasting, remote, remoteEvent } from '../procedure.ts';

/** Takes no bytes: for the one event whose registration has no id. */
const absentId: Codec<number> = { write: () => undefined, read: () => 0, minBytes: 0 };

// Opening and closing

export const authList = remote(66, 'AUTH_LIST', nothing, struct({ types: list(int, 20) }));

export const authPolkit = lasting(70, 'AUTH_POLKIT', nothing, struct({ complete: flag }));

export const connectOpen = remote(
  1,
  'CONNECT_OPEN',
  struct({ name: optional(string), flags: uint }),
  nothing,
);

export const connectClose = remote(2, 'CONNECT_CLOSE', nothing, nothing);

export const connectSupportsFeature = remote(
  60,
  'CONNECT_SUPPORTS_FEATURE',
  struct({ feature: int }),
  struct({ supported: flag }),
);

export const connectRegisterCloseCallback = remote(360, 'CONNECT_REGISTER_CLOSE_CALLBACK', nothing, nothing);

export const connectUnregisterCloseCallback = remote(
  361,
  'CONNECT_UNREGISTER_CLOSE_CALLBACK',
  nothing,
  nothing,
);

export const connectEventConnectionClosed = remoteEvent(
  362,
  'CONNECT_EVENT_CONNECTION_CLOSED',
  struct({ callbackId: absentId, reason: int }),
);

// What was opened

export const connectGetType = remote(3, 'CONNECT_GET_TYPE', nothing, struct({ type: string }));

export const connectGetVersion = remote(4, 'CONNECT_GET_VERSION', nothing, struct({ version: uhyper }));

export const connectGetLibVersion = remote(
  157,
  'CONNECT_GET_LIB_VERSION',
  nothing,
  struct({ version: uhyper }),
);

export const connectGetHostname = remote(59, 'CONNECT_GET_HOSTNAME', nothing, struct({ hostname: string }));

export const connectGetUri = remote(110, 'CONNECT_GET_URI', nothing, struct({ uri: string }));

export const connectIsSecure = remote(149, 'CONNECT_IS_SECURE', nothing, struct({ secure: flag }));

export const connectGetCapabilities = remote(
  7,
  'CONNECT_GET_CAPABILITIES',
  nothing,
  struct({ capabilities: string }),
);
