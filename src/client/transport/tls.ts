import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';
import { establish } from './establish.ts';
import { CONNECT_TIMEOUT_MS, type Endpoint, endpointText, noAnswer } from './network-failure.ts';
import { type Credentials, loadCredentials } from './pki.ts';
import { socketChannel } from './socket-channel.ts';
import { explainTlsFailure, type Phase } from './tls-failure.ts';
import { isSet, type LibvirtUri } from './uri.ts';

const TLS_PORT = 16514;
/** What the daemon sends once it has checked our certificate and address. */
const CONFIRMED = 1;

/**
 * Opens an encrypted connection to the daemon's TLS port, with the certificates that libvirt's clients use. The
 * server must be who the URI says, unless the URI forgoes that; the daemon must have accepted us.
 */
export async function openTls(uri: LibvirtUri, signal: AbortSignal): Promise<Channel> {
  signal.throwIfAborted();
  const endpoint: Endpoint = { host: uri.host ?? 'localhost', port: uri.port ?? TLS_PORT, kind: 'tls' };
  const verify = !isSet(uri, 'no_verify');
  const credentials = await loadCredentials({
    folder: uri.extras.get('pkipath'),
    verify,
    sanity: !isSet(uri, 'no_sanity'),
  });
  signal.throwIfAborted();
  const socket = await handshake(endpoint, credentials, verify, signal);
  return socketChannel(socket, warningsFor(uri, endpoint, verify));
}

function handshake(
  endpoint: Endpoint,
  credentials: Credentials,
  verify: boolean,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const socket = startTls(endpoint, credentials, verify);
  // Calls are small and somebody waits for each: do not collect them.
  socket.setNoDelay(true);
  let phase: Phase = 'connect';
  socket.once('connect', () => (phase = 'handshake'));
  socket.once('secureConnect', () => (phase = 'confirm'));
  return establish(
    socket,
    {
      signal,
      timeoutMs: CONNECT_TIMEOUT_MS,
      late: () => (phase === 'connect' ? noAnswer(endpoint) : stuck(endpoint, phase)),
      explain: (error) => explainTlsFailure({ endpoint, credentials, phase }, error),
    },
    (ready) => {
      socket.once('data', (chunk: Buffer) => {
        // The daemon sends nothing else before it is asked.
        if (chunk.length === 1 && chunk[0] === CONFIRMED) ready();
        else socket.destroy(new Error(t('The daemon did not confirm the connection')));
      });
    },
  );
}

function startTls({ host, port }: Endpoint, credentials: Credentials, verify: boolean): TLSSocket {
  const { ca, crl, client } = credentials;
  try {
    return connect({
      host,
      port,
      rejectUnauthorized: verify,
      // What the file holds is trusted, be it a root or not, as GnuTLS has it.
      allowPartialTrustChain: true,
      checkServerIdentity: (name, certificate) => checkServerIdentity(withoutZone(name), certificate),
      // Named here, not in a context: VS Code adds the system's CAs to a connection that names none.
      ...(ca === undefined ? {} : { ca }),
      ...(crl === undefined || !verify ? {} : { crl }),
      ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    });
  } catch (cause) {
    const { certificate, key, crl } = credentials.files;
    throw new TransportError(
      'certificate',
      t('TLS cannot use the certificates here: {0}', cause instanceof Error ? cause.message : String(cause)),
      t('Check {0}, {1} and {2}.', certificate, key, crl),
      { cause },
    );
  }
}

/** The interface in a link-local address is ours and in no certificate. */
function withoutZone(host: string): string {
  return host.replace(/%.*$/, '');
}

function stuck(endpoint: Endpoint, phase: 'handshake' | 'confirm'): TransportError {
  return new TransportError(
    'timeout',
    phase === 'handshake'
      ? t('The server at {0} does not answer in TLS', endpointText(endpoint))
      : t('{0} does not say whether it accepts the connection', endpointText(endpoint)),
    t('Check the port (libvirt’s is 16514), and that the daemon is not stuck.'),
  );
}

function warningsFor(uri: LibvirtUri, { host }: Endpoint, verify: boolean): readonly string[] {
  const warnings: string[] = [];
  if (!verify)
    warnings.push(
      t(
        'The certificate of {0} is not checked, since no_verify is set: somebody on the way could read and change everything.',
        host,
      ),
    );
  if (uri.extras.has('tls_priority'))
    warnings.push(t('tls_priority is for GnuTLS and was ignored for {0}: TLS 1.2 and newer are used.', host));
  return warnings;
}
