import type { Socket } from 'node:net';
import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';

/** A connected socket as a channel. The end of file from the daemon counts as a loss: it never says goodbye. */
export function socketChannel(socket: Socket, warnings: readonly string[] = []): Channel {
  let asked = false;
  const closed = new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    socket.once('error', (error) => (failure = error));
    socket.once('close', () => {
      if (asked) resolve(undefined);
      else
        resolve(
          new TransportError('lost', 'The daemon closed the connection', undefined, { cause: failure }),
        );
    });
  });
  return {
    input: socket,
    output: socket,
    closed,
    warnings,
    close: () => {
      asked = true;
      socket.destroy();
    },
  };
}
