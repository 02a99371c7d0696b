import { Duplex } from 'node:stream';
import { t } from '@vscode/l10n';
import { CallTimeoutError, ConnectionClosedError, ProtocolError } from './error.ts';
import { MessageStatus } from './frame.ts';

/** What a stream needs of its connection. */
export interface StreamPort {
  /** How long the daemon may take to say whether all went well once both sides have sent what they have. */
  readonly verdictMs: number;
  /** Sends one message of the stream; `sent` is called when it is on its way and its memory no longer needed. */
  sendData(data: Uint8Array, sent: () => void): void;
  sendHole(length: bigint): void;
  /** OK finishes, ERROR aborts. */
  sendStatus(status: number): void;
  /** Reading from the link goes on only while no stream is full. */
  setFull(full: boolean): void;
  /** Nothing more will come for this stream. */
  release(): void;
  /** This memory may be used for what comes next. */
  recycle(data: Buffer): void;
}

/** What the daemon's own side sends in one message, in bytes; a larger one would only be cut there. */
export const CHUNK_BYTES = 262_120;
/** How much may wait for a slow reader before the link is paused. */
const BUFFER_BYTES = 1024 * 1024;

/** How many chunks may wait where holes travel with them. */
const BUFFER_CHUNKS = 8;

/** A run of zeros in a sparse volume that nobody has to send. Length in bytes. */
export class Hole {
  readonly length: bigint;

  constructor(length: bigint) {
    this.length = length;
  }
}

/**
 * The bytes of one libvirt stream (`virStreamPtr`): a console, a channel, a volume. Ending the writable side
 * asks the daemon for its verdict, and `finish` comes only when the daemon says that all went well; destroying
 * it aborts on the daemon, too. With holes, both sides take and give buffers and {@link Hole}s in their order.
 * While its reader is slow the whole connection is paused: give bulk transfers
 * a connection of their own.
 */
export class RpcStream extends Duplex {
  readonly #port: StreamPort;
  readonly #holes: boolean;
  #state: 'open' | 'finishing' | 'done' = 'open';
  #finished: ((error?: Error | null) => void) | undefined;
  #verdictTimer: NodeJS.Timeout | undefined;

  constructor(port: StreamPort, holes = false) {
    const highWaterMark = holes ? BUFFER_CHUNKS : BUFFER_BYTES;
    super({ objectMode: holes, readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark });
    this.#port = port;
    this.#holes = holes;
  }

  /** Gives back a buffer that was read and is no longer needed: bulk data then needs no new memory all the time. */
  recycle(data: Buffer): void {
    this.#port.recycle(data);
  }

  /** For the connection: data, an end or an error came in. Status as in the frame. */
  receive(status: number, data: Buffer): void {
    if (status === MessageStatus.OK) this.#confirmed();
    else if (status === MessageStatus.CONTINUE && data.length === 0) this.#endOfFile();
    else if (status === MessageStatus.CONTINUE) this.#data(data);
    else throw new ProtocolError(t('A stream message has the unknown status {0}', status));
  }

  /** For the connection: a hole came in. @throws ProtocolError when nobody asked for holes. */
  receiveHole(length: bigint): void {
    if (!this.#holes || length < 0n) throw new ProtocolError(t('An unexpected hole in a stream'));
    this.#data(new Hole(length));
  }

  /** For the connection: the daemon failed, or the link is gone. */
  fail(error: Error): void {
    clearTimeout(this.#verdictTimer);
    this.#port.release();
    if (this.#state === 'done') return;
    this.#state = 'done';
    const finished = this.#finished;
    this.#finished = undefined;
    if (finished === undefined) this.destroy(error);
    else finished(error);
  }

  override _read(): void {
    this.#port.setFull(false);
  }

  override _write(data: unknown, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#state !== 'open') {
      callback(new ConnectionClosedError(t('The stream has ended')));
      return;
    }
    if (data instanceof Hole) {
      this.#port.sendHole(data.length);
      callback();
    } else if (data instanceof Uint8Array) this.#sendChunks(data, callback);
    else callback(new TypeError('A stream carries bytes'));
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#state === 'done') {
      callback();
      return;
    }
    this.#finished = callback;
    this.#finish();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#verdictTimer);
    this.#port.setFull(false);
    // The daemon's answer to this is awaited by the connection, which keeps the serial until then.
    if (this.#state !== 'done') this.#port.sendStatus(MessageStatus.ERROR);
    this.#state = 'done';
    callback(error);
  }

  #data(data: Buffer | Hole): void {
    if (this.#state === 'done' || this.destroyed) return;
    if (!this.push(data)) this.#port.setFull(true);
  }

  #sendChunks(data: Uint8Array, callback: () => void): void {
    for (let start = 0; start < data.length; start += CHUNK_BYTES) {
      const last = start + CHUNK_BYTES >= data.length;
      this.#port.sendData(data.subarray(start, start + CHUNK_BYTES), last ? callback : ignore);
    }
    if (data.length === 0) callback();
  }

  /** The daemon has nothing more to send; it keeps the stream until we have said that we are done as well. */
  #endOfFile(): void {
    if (!this.destroyed) this.#finish();
  }

  #finish(): void {
    if (this.#state !== 'open') return;
    this.#state = 'finishing';
    this.#port.sendStatus(MessageStatus.OK);
    const { verdictMs } = this.#port;
    this.#verdictTimer = setTimeout(() => this.destroy(new CallTimeoutError('STREAM', verdictMs)), verdictMs);
    this.#verdictTimer.unref();
  }

  #confirmed(): void {
    clearTimeout(this.#verdictTimer);
    this.#state = 'done';
    this.#port.release();
    if (this.destroyed) return;
    this.push(null);
    const finished = this.#finished;
    this.#finished = undefined;
    if (finished === undefined) this.end();
    else finished();
  }
}

function ignore(): void {
  // Only the last chunk of a write reports back.
}
