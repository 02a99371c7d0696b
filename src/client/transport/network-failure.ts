import { t } from '@vscode/l10n';
import { inBrackets } from './dial.ts';
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
  return inBrackets(host, port);
}

/** What the system says when there is no way to the host, in one sentence with a way on. */
export function explainNetworkFailure(endpoint: Endpoint, cause: Error): TransportError {
  const { host, kind } = endpoint;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME')
    return new TransportError(
      'unknown-host',
      t('The host name {0} is not known', host),
      t('Check its spelling.'),
      {
        cause,
      },
    );
  if (code === 'ECONNREFUSED')
    return new TransportError(
      'refused',
      t('{0} refused the connection', endpointText(endpoint)),
      t(
        'The daemon listens there only when it is told to: run “sudo systemctl enable --now libvirtd-{0}.socket” (or virtproxyd-{0}.socket) on the host. Check the port, too.',
        kind,
      ),
      { cause },
    );
  if (UNREACHABLE.has(code)) return noAnswer(endpoint, cause);
  return new TransportError(
    'lost',
    t(
      'The connection to {0} failed: {1}',
      endpointText(endpoint),
      cause.message === '' ? code : cause.message,
    ),
    undefined,
    { cause },
  );
}

/** Nobody answered in time: neither a connection nor a refusal. */
export function noAnswer(endpoint: Endpoint, cause?: Error): TransportError {
  return new TransportError(
    'timeout',
    t('{0} does not answer', endpointText(endpoint)),
    t('Check that the host is switched on and reachable from here, and that its firewall opens this port.'),
    { cause },
  );
}
