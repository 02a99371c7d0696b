import type { OnReadOpts, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ByteSink, Flow } from '../rpc/channel.ts';

/** What is read at a time while nobody has room of their own for it: Node's own measure. */
const READ_BYTES = 64 * 1024;

/**
 * What comes in over a socket: as a stream or, {@link divert diverted}, straight into the memory of whoever wants
 * it, which saves a copy and the stream's own work. Hand {@link onread} to `connect`, then {@link attach} the socket.
 */
export class SocketReader extends Readable {
  readonly onread: OnReadOpts;
  #buffer: Buffer | undefined;
  #sink: ByteSink | undefined;
  #socket: Socket | undefined;

  constructor() {
    super({ highWaterMark: READ_BYTES });
    this.onread = {
      buffer: () => this.#sink?.room() ?? (this.#buffer ??= Buffer.allocUnsafeSlow(READ_BYTES)),
      callback: (bytes, buffer) => this.arrived(bytes, buffer),
    };
  }

  /** The socket that was made with {@link onread}. */
  attach(socket: Socket): this {
    this.#socket = socket;
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
    return this;
  }

  /** From now on bytes go to `sink`, beginning with those that wait here. */
  divert(sink: ByteSink): Flow {
    this.#sink = sink;
    const waiting: unknown = this.read();
    if (Buffer.isBuffer(waiting)) sink.push(waiting);
    const socket = this.#socket;
    socket?.resume();
    return { pause: () => socket?.pause(), resume: () => socket?.resume() };
  }

  /** For the socket: so many bytes are in `buffer`. False pauses it. */
  arrived(bytes: number, buffer: Uint8Array): boolean {
    const sink = this.#sink;
    // The buffer is used again at once, so each piece gets memory of its own.
    if (sink === undefined) return this.push(Buffer.from(buffer.subarray(0, bytes)));
    if (buffer === this.#buffer) sink.push(Buffer.from(buffer.subarray(0, bytes)));
    else sink.received(bytes);
    return true;
  }

  override _read(): void {
    this.#socket?.resume();
  }
}
