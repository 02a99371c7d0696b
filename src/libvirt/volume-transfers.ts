import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { finished, pipeline } from 'node:stream/promises';
import type { RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/stream.ts';
import { CHUNK_BYTES, Hole, type RpcStream } from '../rpc/stream.ts';
import type { VolumeRef } from './storage-volume.ts';

const SPARSE = 1;
/** What is read from a file at a time: a few whole messages. */
const READ_BYTES = 4 * CHUNK_BYTES;
const ZEROS = Buffer.alloc(READ_BYTES);
/** How many pieces of a download may be on their way to the file. */
const WRITES_MAX = 4;

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes of the volume that were passed so far, holes included. */
  readonly onProgress?: (bytes: number) => void;
  /** Passes runs of zeros as holes. Not every daemon and pool knows that. */
  readonly sparse?: boolean;
}

/**
 * Copies volumes to and from files. A transfer is done when the daemon has said that all went well. It keeps
 * its connection busy: give it one of its own.
 */
export class VolumeTransfers {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /**
   * `virStorageVolDownload` into a new file, which has its name only when it is whole: what a failed or
   * cancelled download leaves is removed. Returns its size in bytes.
   */
  async download(volume: VolumeRef, path: string, options: TransferOptions = {}): Promise<number> {
    const partial = `${path}.${randomBytes(4).toString('hex')}.part`;
    const file = await open(partial, 'wx', 0o600);
    try {
      const size = await this.#receive(volume, file, options);
      await file.close();
      await rename(partial, path);
      return size;
    } catch (error) {
      await file.close();
      await rm(partial, { force: true });
      throw error;
    }
  }

  /** `virStorageVolUpload` of a file from the volume's start. Returns the bytes that were sent. */
  async upload(volume: VolumeRef, path: string, options: TransferOptions = {}): Promise<number> {
    const { signal, onProgress, sparse = false } = options;
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const args = { volume, offset: 0n, length: BigInt(size), flags: sparse ? SPARSE : 0 };
      const { stream } = await this.#rpc.openStream(procedures.storageVolUpload, args, {
        signal,
        holes: sparse,
      });
      let sent = 0;
      const pieces = readPieces(file, sparse, (bytes) => {
        sent += bytes;
        onProgress?.(sent);
      });
      await writeAll(stream, pieces, signal);
      return sent;
    } finally {
      await file.close();
    }
  }

  async #receive(volume: VolumeRef, file: FileHandle, options: TransferOptions): Promise<number> {
    const { signal, onProgress, sparse = false } = options;
    const args = { volume, offset: 0n, length: 0n, flags: sparse ? SPARSE : 0 };
    // Chunk by chunk even without holes: joining them would copy every byte once more.
    const { stream } = await this.#rpc.openStream(procedures.storageVolDownload, args, {
      signal,
      holes: true,
    });
    const writer = new PieceWriter(
      file,
      (bytes) => onProgress?.(bytes),
      (piece) => stream.recycle(piece),
    );
    await pipeline(
      stream,
      async (parts: AsyncIterable<Buffer | Hole>) => {
        for await (const part of parts) {
          if (part instanceof Hole) writer.skip(Number(part.length));
          else await writer.add(part);
        }
        await writer.end();
      },
      { signal },
    );
    return writer.position;
  }
}

/** Writes the pieces one after the other and waits for the daemon's word that all went well. */
async function writeAll(
  stream: RpcStream,
  pieces: AsyncIterable<Buffer | Hole>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const over = finished(stream, { readable: false, signal });
  over.catch(() => undefined);
  try {
    for await (const piece of pieces) {
      // Until it is on its way its memory is needed.
      const sent = new Promise<void>((resolve) => void stream.write(piece, () => resolve()));
      await Promise.race([sent, over]);
    }
    stream.end();
    await over;
  } finally {
    stream.destroy();
  }
}

/**
 * Writes pieces as they come, each while it is still in the processor's cache, a few at a time while the next ones
 * are still coming in.
 */
class PieceWriter {
  readonly #file: FileHandle;
  readonly #onProgress: (bytes: number) => void;
  readonly #release: (piece: Buffer) => void;
  readonly #writing = new Set<Promise<void>>();
  #written = 0;
  /** Where the next piece belongs: what has come in so far, holes included. */
  position = 0;

  /** `release` is called with each piece when it is written. */
  constructor(file: FileHandle, onProgress: (bytes: number) => void, release: (piece: Buffer) => void) {
    this.#file = file;
    this.#onProgress = onProgress;
    this.#release = release;
  }

  skip(bytes: number): void {
    this.position += bytes;
    this.#written += bytes;
  }

  /** Returns when there is room for another piece. */
  async add(piece: Buffer): Promise<void> {
    const writing = this.#write(piece, this.position).then(() => {
      this.#writing.delete(writing);
      this.#release(piece);
    });
    this.position += piece.length;
    this.#writing.add(writing);
    // A failure is reported by whoever waits for it next.
    writing.catch(() => undefined);
    if (this.#writing.size >= WRITES_MAX) await Promise.race(this.#writing);
  }

  /** Returns when all of it is in the file, which then has its full size. */
  async end(): Promise<void> {
    await Promise.all(this.#writing);
    // A hole at the end was not written.
    await this.#file.truncate(this.position);
    this.#onProgress(this.position);
  }

  async #write(piece: Buffer, start: number): Promise<void> {
    for (let done = 0; done < piece.length;) {
      const { bytesWritten } = await this.#file.write(piece, done, piece.length - done, start + done);
      done += bytesWritten;
    }
    this.#written += piece.length;
    this.#onProgress(this.#written);
  }
}

/** A file piece by piece. While one is in use the next one is read, and then the one before is used again. */
async function* readPieces(
  file: FileHandle,
  sparse: boolean,
  passed: (bytes: number) => void,
): AsyncGenerator<Buffer | Hole> {
  let [current, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let reading = file.read(current, 0, READ_BYTES);
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return;
    const data = current.subarray(0, bytesRead);
    [current, other] = [other, current];
    reading = file.read(current, 0, READ_BYTES);
    // It is awaited next, unless nobody wants more.
    reading.catch(() => undefined);
    passed(bytesRead);
    yield sparse && data.equals(ZEROS.subarray(0, bytesRead)) ? new Hole(BigInt(bytesRead)) : data;
  }
}
