import { t } from '@vscode/l10n';
import { ProtocolError } from './error.ts';
import { XdrWriter } from './xdr.ts';

/** Wire numbers of libvirt's frame header (`virNetMessageType`, `virNetMessageStatus`). */
export const MessageType = {
  CALL: 0,
  REPLY: 1,
  MESSAGE: 2,
  STREAM: 3,
  CALL_WITH_FDS: 4,
  REPLY_WITH_FDS: 5,
  STREAM_HOLE: 6,
} as const;

export const MessageStatus = { OK: 0, ERROR: 1, CONTINUE: 2 } as const;

export interface FrameHeader {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

export interface Frame extends FrameHeader {
  /** What follows the header: arguments, a reply, an error or stream data. */
  readonly body: Buffer;
  /** Whether the body stays as it is: otherwise its memory is used again when its receiver has returned. */
  readonly lasting: boolean;
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 24;
/** The daemon's own limit; it does not count the length word itself. */
const FRAME_MAX = 32 * 1024 * 1024 + LENGTH_BYTES;

/** Room for all but the largest messages; a length that lies does not get more than this. */
const FIRST_BYTES = 1024 * 1024;
/** Room for some hundred calls. */
const BATCH_BYTES = 16 * 1024;
/** Room for some hundred replies: what is read at a time while nothing large comes. */
const READ_BYTES = 64 * 1024;
/** A stream's largest message as daemons send them, with all that is around it. */
const CHUNK_BYTES = 256 * 1024 + 4096;
/** How many of those are kept to be used again. */
const SPARE_CHUNKS = 16;

/** Starts a frame: write the body into the result, then hand it to {@link finishFrame}. */
export function beginFrame(header: FrameHeader, bodySize = 0): XdrWriter {
  const writer = new XdrWriter(LENGTH_BYTES + HEADER_BYTES + Math.max(bodySize, 68));
  writeHeader(writer, header);
  return writer;
}

/**
 * `dataBytes` counts what follows the frame in a write of its own.
 * @throws RangeError when the frame is larger than a daemon accepts.
 */
export function finishFrame(writer: XdrWriter, dataBytes = 0): Buffer {
  patchLength(writer, 0, dataBytes);
  return writer.finish();
}

/** Frames that are written one after the other, to leave together. */
export class FrameBatch {
  readonly #writer = new XdrWriter(BATCH_BYTES);
  /** Where the last frame begins. */
  #start = 0;

  /** Starts a frame: write the body into the result, then {@link end} it or {@link drop} it. */
  begin(header: FrameHeader): XdrWriter {
    this.#start = this.#writer.length;
    writeHeader(this.#writer, header);
    return this.#writer;
  }

  /**
   * `dataBytes` counts what follows the frame in a write of its own.
   * @throws RangeError when the frame is larger than a daemon accepts.
   */
  end(dataBytes = 0): void {
    patchLength(this.#writer, this.#start, dataBytes);
  }

  /** Takes the last frame back. */
  drop(): void {
    this.#writer.truncate(this.#start);
  }

  /** All frames since the last time; undefined when there are none. */
  take(): Buffer | undefined {
    return this.#writer.length === 0 ? undefined : this.#writer.take();
  }
}

function writeHeader(writer: XdrWriter, header: FrameHeader): void {
  writer.uint(0);
  writer.uint(header.program);
  writer.uint(header.version);
  writer.int(header.procedure);
  writer.int(header.type);
  writer.uint(header.serial);
  writer.int(header.status);
}

function patchLength(writer: XdrWriter, start: number, dataBytes: number): void {
  const length = writer.length - start + dataBytes;
  if (length > FRAME_MAX) throw new RangeError(t('A message of {0} bytes is too large to send', length));
  writer.patchUint(start, length);
}

/**
 * Cuts a byte stream into frames, however it is chunked. Memory is bounded by one frame, even if it comes byte
 * by byte: once its length word is checked it has a place of its own to arrive in, which grows as it comes.
 *
 * Bytes are pushed, or are read by somebody straight into the {@link room} that is here for them.
 */
export class FrameParser {
  /** What comes while no frame has begun to arrive; made when it is first asked for. */
  #scratch: Buffer | undefined;
  /** The frame, or the length word, that has begun to arrive. */
  #partial: Buffer = Buffer.allocUnsafe(LENGTH_BYTES);
  #filled = 0;
  /** How long it will be. */
  #needed = LENGTH_BYTES;
  /** The memory of chunks: all of it, and what is free. */
  readonly #chunks = new WeakSet<ArrayBufferLike>();
  readonly #spare: ArrayBufferLike[] = [];

  /**
   * Calls `onFrame` for each frame that `chunk` completes. The chunk's memory is kept by frames that lie in it.
   * @throws ProtocolError on an impossible length.
   */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    this.#cut(chunk, onFrame, true);
  }

  /** Where the next bytes may be read to; never empty. */
  room(): Buffer {
    if (this.#filled === 0) return (this.#scratch ??= Buffer.allocUnsafeSlow(READ_BYTES));
    return this.#partial.subarray(this.#filled, this.#needed);
  }

  /**
   * So many bytes were read to where {@link room} was, and nothing else came since.
   * @throws ProtocolError on an impossible length.
   */
  received(bytes: number, onFrame: (frame: Frame) => void): void {
    if (this.#filled > 0) this.#advance(bytes, onFrame);
    else if (this.#scratch !== undefined) this.#cut(this.#scratch.subarray(0, bytes), onFrame, false);
  }

  /** The body of a lasting frame that nobody needs any more: its memory may be used again. */
  recycle(body: Buffer): void {
    const { buffer } = body;
    if (!this.#chunks.has(buffer) || this.#spare.includes(buffer)) return;
    if (this.#spare.length < SPARE_CHUNKS) this.#spare.push(buffer);
  }

  #cut(chunk: Buffer, onFrame: (frame: Frame) => void, lasting: boolean): void {
    let at = 0;
    while (at < chunk.length) {
      const left = chunk.length - at;
      if (this.#filled === 0 && left >= LENGTH_BYTES) {
        const length = readLength(chunk, at);
        if (left >= length) {
          const frame = readFrame(chunk, at, length, lasting);
          at += length;
          onFrame(frame);
          continue;
        }
      }
      const taken = chunk.copy(this.#partial, this.#filled, at);
      at += taken;
      this.#advance(taken, onFrame);
    }
  }

  /** What has begun to arrive has got longer. */
  #advance(bytes: number, onFrame: (frame: Frame) => void): void {
    this.#filled += bytes;
    if (this.#filled < this.#needed) {
      if (this.#filled === this.#partial.length) this.#grow();
    } else if (this.#needed === LENGTH_BYTES) {
      this.#needed = readLength(this.#partial, 0);
      this.#grow();
    } else {
      const frame = this.#partial;
      this.#partial = Buffer.allocUnsafe(LENGTH_BYTES);
      this.#filled = 0;
      this.#needed = LENGTH_BYTES;
      onFrame(readFrame(frame, 0, frame.length, true));
    }
  }

  #grow(): void {
    const bigger = this.#allocate(Math.min(this.#needed, Math.max(FIRST_BYTES, this.#filled * 2)));
    this.#partial.copy(bigger, 0, 0, this.#filled);
    this.#partial = bigger;
  }

  /** Bulk data comes in messages of about the same size: fresh memory for each would cost more than its bytes. */
  #allocate(bytes: number): Buffer {
    if (bytes < READ_BYTES || bytes > CHUNK_BYTES) return Buffer.allocUnsafe(bytes);
    const chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES).buffer;
    this.#chunks.add(chunk);
    return Buffer.from(chunk, 0, bytes);
  }
}

function readLength(data: Buffer, at: number): number {
  const length = data.readUInt32BE(at);
  if (length < LENGTH_BYTES + HEADER_BYTES || length > FRAME_MAX)
    throw new ProtocolError(t('The daemon announced a message of {0} bytes', length));
  return length;
}

function readFrame(data: Buffer, at: number, length: number, lasting: boolean): Frame {
  return {
    program: data.readUInt32BE(at + 4),
    version: data.readUInt32BE(at + 8),
    procedure: data.readInt32BE(at + 12),
    type: data.readInt32BE(at + 16),
    serial: data.readUInt32BE(at + 20),
    status: data.readInt32BE(at + 24),
    body: data.subarray(at + LENGTH_BYTES + HEADER_BYTES, at + length),
    lasting,
  };
}
