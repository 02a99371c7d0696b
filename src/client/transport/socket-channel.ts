import type { Socket } from 'node:net';
import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';
import type { SocketReader } from './socket-reader.ts';

/**
 * A connected socket as a channel, which `reader` reads where there is one. The end of file from the daemon counts
 * as a loss: it never says goodbye.
 */
export function socketChannel(
  socket: Socket,
  warnings: readonly string[] = [],
  reader?: SocketReader,
): Channel {
  let asked = false;
  const closed = new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    socket.once('error', (error) => (failure = error));
    socket.once('close', () => {
      if (asked) resolve(undefined);
      else
        resolve(
          new TransportError('lost', t('The daemon closed the connection'), undefined, { cause: failure }),
        );
    });
  });
  return {
    input: reader?.attach(socket) ?? socket,
    output: socket,
    closed,
    warnings,
    ...(reader === undefined ? {} : { divert: (sink) => reader.divert(sink) }),
    close: () => {
      asked = true;
      socket.destroy();
    },
  };
}
