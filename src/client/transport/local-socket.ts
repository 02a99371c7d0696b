import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '../rpc/channel.ts';

/** A path that other programs of this user can connect to, until it is disposed of. */
export interface LocalSocket extends AsyncDisposable {
  /** Of a unix socket in a folder that nobody else can enter. */
  readonly path: string;
  /** Ends what goes through it as well, and removes it. */
  dispose(): Promise<void>;
}

/**
 * Gives a program that only knows sockets of this machine (gdb, for one) a way to something that `dial` reaches.
 * Each connection to the path is dialled anew; why one failed is told to `onError`.
 */
export async function openLocalSocket(
  dial: (signal: AbortSignal) => Promise<Channel>,
  onError: (error: Error) => void,
): Promise<LocalSocket> {
  // Short, since the path of a socket may not be long.
  const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'kvm-'));
  const path = join(folder, 'socket');
  const over = new AbortController();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    carry(socket, dial, over.signal).catch((error: unknown) => {
      socket.destroy();
      if (!over.signal.aborted) onError(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const dispose = async () => {
    over.abort();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { path, dispose, [Symbol.asyncDispose]: dispose };
}

async function carry(
  socket: Socket,
  dial: (signal: AbortSignal) => Promise<Channel>,
  over: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => socket.destroy());
  const channel = await dial(AbortSignal.any([over, gone.signal]));
  const end = () => socket.destroy();
  over.addEventListener('abort', end);
  socket.once('close', () => channel.close());
  if (over.aborted || socket.destroyed) channel.close();
  channel.output.on('error', () => undefined);
  channel.input.on('error', () => undefined);
  socket.pipe(channel.output);
  channel.input.pipe(socket);
  const reason = await channel.closed;
  over.removeEventListener('abort', end);
  if (reason !== undefined && !gone.signal.aborted) throw reason;
  socket.destroySoon();
}
