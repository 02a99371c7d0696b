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
  /** What follows the header: arguments, a reply, an error or stream data. Shares the chunk's memory. */
  readonly body: Buffer;
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 24;
/** The daemon's own limit; it does not count the length word itself. */
const FRAME_MAX = 32 * 1024 * 1024 + LENGTH_BYTES;

/** Room for all but the largest messages; a length that lies does not get more than this. */
const FIRST_BYTES = 1024 * 1024;

/** Starts a frame: write the body into the result, then hand it to {@link finishFrame}. */
export function beginFrame(header: FrameHeader, bodySize = 0): XdrWriter {
  const writer = new XdrWriter(LENGTH_BYTES + HEADER_BYTES + Math.max(bodySize, 68));
  writer.uint(0);
  writer.uint(header.program);
  writer.uint(header.version);
  writer.int(header.procedure);
  writer.int(header.type);
  writer.uint(header.serial);
  writer.int(header.status);
  return writer;
}

/**
 * `dataBytes` counts what follows the frame in a write of its own.
 * @throws RangeError when the frame is larger than a daemon accepts.
 */
export function finishFrame(writer: XdrWriter, dataBytes = 0): Buffer {
  const length = writer.length + dataBytes;
  if (length > FRAME_MAX) throw new RangeError(`A message of ${length} bytes is too large to send`);
  writer.patchUint(0, length);
  return writer.finish();
}

/**
 * Cuts a byte stream into frames, however it is chunked. Memory is bounded by one frame, even if it comes byte
 * by byte: once its length word is checked it has a place of its own to arrive in, which grows as it comes.
 */
export class FrameParser {
  /** The frame, or the length word, that has begun to arrive. */
  #partial: Buffer = Buffer.allocUnsafe(LENGTH_BYTES);
  #filled = 0;
  /** How long it will be. */
  #needed = LENGTH_BYTES;

  /** Calls `onFrame` for each frame that `chunk` completes. @throws ProtocolError on an impossible length. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#filled === 0 && rest.length >= LENGTH_BYTES) {
        const length = readLength(rest);
        if (rest.length >= length) {
          const frame = rest.subarray(0, length);
          rest = rest.subarray(length);
          onFrame(readFrame(frame));
          continue;
        }
      }
      rest = this.#fill(rest, onFrame);
    }
  }

  /** Adds to what has begun to arrive and returns what does not belong to it. */
  #fill(chunk: Buffer, onFrame: (frame: Frame) => void): Buffer {
    const taken = chunk.copy(this.#partial, this.#filled);
    this.#filled += taken;
    if (this.#filled < this.#needed) {
      if (this.#filled === this.#partial.length) this.#grow();
    } else if (this.#needed === LENGTH_BYTES) {
      this.#needed = readLength(this.#partial);
      this.#grow();
    } else {
      const frame = this.#partial;
      this.#partial = Buffer.allocUnsafe(LENGTH_BYTES);
      this.#filled = 0;
      this.#needed = LENGTH_BYTES;
      onFrame(readFrame(frame));
    }
    return chunk.subarray(taken);
  }

  #grow(): void {
    const bigger = Buffer.allocUnsafe(Math.min(this.#needed, Math.max(FIRST_BYTES, this.#filled * 2)));
    this.#partial.copy(bigger, 0, 0, this.#filled);
    this.#partial = bigger;
  }
}

function readLength(data: Buffer): number {
  const length = data.readUInt32BE(0);
  if (length < LENGTH_BYTES + HEADER_BYTES || length > FRAME_MAX)
    throw new ProtocolError(`The peer announced a message of ${length} bytes`);
  return length;
}

function readFrame(data: Buffer): Frame {
  return {
    program: data.readUInt32BE(4),
    version: data.readUInt32BE(8),
    procedure: data.readInt32BE(12),
    type: data.readInt32BE(16),
    serial: data.readUInt32BE(20),
    status: data.readInt32BE(24),
    body: data.subarray(LENGTH_BYTES + HEADER_BYTES),
  };
}
