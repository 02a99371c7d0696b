import { isIPv6 } from 'node:net';
import { TransportError } from './error.ts';

/** Where a daemon listens on the network. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** What the daemon calls this listener: its systemd socket is `libvirtd-tls.socket`, for example. */
  readonly kind: 'tls' | 'tcp';
}

/** How the connection is made, and within what time, before anybody gives up on the host. */
export const CONNECT_TIMEOUT_MS = 15_000;

const UNREACHABLE = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
]);

/** `host:port` as a person reads it, with the brackets that IPv6 needs. */
export function endpointText({ host, port }: Endpoint): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What the system says when there is no way to the host, in one sentence with a way on. */
export function explainNetworkFailure(endpoint: Endpoint, cause: Error): TransportError {
  const { host, kind } = endpoint;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME')
    return new TransportError('unknown-host', `The host name ${host} is not known`, 'Check its spelling.', {
      cause,
    });
  if (code === 'ECONNREFUSED')
    return new TransportError(
      'refused',
      `${endpointText(endpoint)} refused the connection`,
      `The daemon listens there only when it is told to: on the host, “sudo systemctl enable --now libvirtd-${kind}.socket” (or virtproxyd-${kind}.socket). Check the port, too.`,
      { cause },
    );
  if (UNREACHABLE.has(code)) return noAnswer(endpoint, cause);
  return new TransportError(
    'lost',
    `The connection to ${endpointText(endpoint)} failed: ${cause.message === '' ? code : cause.message}`,
    undefined,
    { cause },
  );
}

/** Nobody answered in time: neither a connection nor a refusal. */
export function noAnswer(endpoint: Endpoint, cause?: Error): TransportError {
  return new TransportError(
    'timeout',
    `${endpointText(endpoint)} does not answer`,
    'Check that the host is switched on and reachable from here, and that its firewall lets this port through.',
    { cause },
  );
}
