import type { RpcConnection } from '../rpc/connection.ts';
import { RemoteError } from '../rpc/error.ts';
import * as procedures from '../rpc/procedures/connect.ts';
import { TransportError } from '../transport/error.ts';
import type { Attempt } from '../transport/open.ts';
import type { LibvirtUri } from '../transport/uri.ts';

/** `virNetServerServiceAuth`. */
const AUTH_SASL = 1;
const AUTH_POLKIT = 2;
const ANSWER_TIMEOUT_MS = 30_000;

/** Proves to the daemon who we are, in the way it asks for. @throws TransportError (`authentication`). */
export async function authenticate(rpc: RpcConnection, uri: LibvirtUri, { signal }: Attempt): Promise<void> {
  const { types } = await rpc.call(procedures.authList, undefined, { signal, timeoutMs: ANSWER_TIMEOUT_MS });
  if (types.includes(AUTH_POLKIT)) return authenticatePolkit(rpc, signal);
  if (types.includes(AUTH_SASL))
    throw new TransportError(
      'authentication',
      `The daemon at ${uri.text} wants a SASL user name and password`,
      'This is not supported yet: use ssh, or a local socket.',
    );
}

async function authenticatePolkit(rpc: RpcConnection, signal: AbortSignal): Promise<void> {
  try {
    await rpc.call(procedures.authPolkit, undefined, { signal });
  } catch (cause) {
    if (!(cause instanceof RemoteError)) throw cause;
    throw new TransportError(
      'authentication',
      `polkit refused the connection: ${cause.message}`,
      'Add yourself to the group libvirt, or have a polkit rule allow org.libvirt.unix.manage for you.',
      { cause },
    );
  }
}
