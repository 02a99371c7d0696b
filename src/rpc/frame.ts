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
 * Cuts a byte stream into frames, however it is chunked. Memory is bounded by one frame: the length word is
 * checked before anything is kept for it.
 */
export class FrameParser {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = LENGTH_BYTES;

  /** Calls `onFrame` for each frame that `chunk` completes. @throws ProtocolError on an impossible length. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#needed) {
      const data = this.#join();
      const length = data.readUInt32BE(0);
      if (length < LENGTH_BYTES + HEADER_BYTES || length > FRAME_MAX)
        throw new ProtocolError(`The peer announced a message of ${length} bytes`);
      if (data.length < length) {
        this.#needed = length;
        return;
      }
      this.#keep(data.subarray(length));
      onFrame(readFrame(data.subarray(0, length)));
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [joined];
    return joined;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    this.#needed = LENGTH_BYTES;
  }
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
