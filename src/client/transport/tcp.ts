import { connect } from 'node:net';
import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import { establish } from './establish.ts';
import { CONNECT_TIMEOUT_MS, type Endpoint, explainNetworkFailure, noAnswer } from './network-failure.ts';
import { socketChannel } from './socket-channel.ts';
import { SocketReader } from './socket-reader.ts';
import type { LibvirtUri } from './uri.ts';

const TCP_PORT = 16509;
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/i;

/** Opens an unencrypted connection; as in libvirt, no host means this machine. */
export async function openTcp(uri: LibvirtUri, signal: AbortSignal): Promise<Channel> {
  signal.throwIfAborted();
  const endpoint: Endpoint = { host: uri.host ?? 'localhost', port: uri.port ?? TCP_PORT, kind: 'tcp' };
  // Calls are small and somebody waits for each: do not collect them.
  const reader = new SocketReader();
  const { host, port } = endpoint;
  const socket = connect({ host, port, noDelay: true, onread: reader.onread });
  await establish(
    socket,
    {
      signal,
      timeoutMs: CONNECT_TIMEOUT_MS,
      late: () => noAnswer(endpoint),
      explain: (error) => explainNetworkFailure(endpoint, error ?? new Error(t('it was closed at once'))),
    },
    (ready) => socket.once('connect', ready),
  );
  return socketChannel(socket, warningsFor(host), reader);
}

function warningsFor(host: string): readonly string[] {
  if (LOOPBACK.test(host)) return [];
  return [
    t(
      'The connection to {0} is not encrypted: anybody on the way can read and change what passes. Use tls or ssh.',
      host,
    ),
  ];
}
