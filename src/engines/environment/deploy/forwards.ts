import { t } from '@vscode/l10n';
import { createServer, type Server, type Socket } from 'node:net';
import type { Channel } from '../../../client/rpc/channel.ts';

/** Reaches a port of a guest. */
export type Dial = (signal: AbortSignal) => Promise<Channel>;

interface Listening {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  readonly over: AbortController;
  readonly address: string;
  readonly port: number;
  /** It may change: a guest may have another address after a restart. */
  dial: Dial;
}

/**
 * TCP ports of this machine that lead to guests on networks, whose address only the host may know. The extension
 * itself listens, so that nothing is needed in the guest, remote hosts are reached through the connection that is open,
 * and the ports close with the guest or the window.
 */
export class Forwards {
  readonly #listening = new Map<string, Listening>();

  /** Listens for `key`, unless it does already. Returns the port. @throws Error when somebody else has the port */
  async open(key: string, address: string, port: number, dial: Dial): Promise<number> {
    const known = this.#listening.get(key);
    if (known !== undefined && known.address === address && (port === 0 || known.port === port)) {
      known.dial = dial;
      return known.port;
    }
    this.close(key);
    const over = new AbortController();
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      void carry(socket, (signal) => entry.dial(signal), over.signal);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(asTaken(error, address, port)));
      server.listen(port, address, resolve);
    });
    const bound = server.address();
    const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
    const entry: Listening = { server, sockets, over, address, port: actual, dial };
    this.#listening.set(key, entry);
    return actual;
  }

  /** The port that is open for a key. */
  port(key: string): number | undefined {
    return this.#listening.get(key)?.port;
  }

  close(key: string): void {
    const entry = this.#listening.get(key);
    if (entry === undefined) return;
    this.#listening.delete(key);
    entry.over.abort();
    entry.server.close();
    for (const socket of entry.sockets) socket.destroy();
  }

  /** Closes all ports whose key begins with `prefix`. */
  closeAll(prefix = '', except: ReadonlySet<string> = new Set()): void {
    for (const key of this.#listening.keys()) if (key.startsWith(prefix) && !except.has(key)) this.close(key);
  }
}

function asTaken(error: NodeJS.ErrnoException, address: string, port: number): Error {
  return error.code === 'EADDRINUSE'
    ? new Error(t('Port {0} of {1} is used by another program', port, address), { cause: error })
    : error;
}

/** Either side may end first while the other still sends. */
async function carry(socket: Socket, dial: Dial, over: AbortSignal): Promise<void> {
  socket.on('error', () => socket.destroy());
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    const channel = await dial(AbortSignal.any([over, gone.signal]));
    socket.once('close', () => channel.close());
    channel.output.on('error', () => socket.destroy());
    channel.input.on('error', () => socket.destroy());
    void channel.closed.then(() => socket.end());
    channel.input.pipe(socket);
    socket.pipe(channel.output);
    if (socket.destroyed) channel.close();
  } catch {
    // Nothing listens there: the connection ends, as it would if the guest refused it.
    socket.destroy();
  }
}
