import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/stream.ts';
import { Hole } from '../rpc/stream.ts';
import type { VolumeRef } from './storage-volume.ts';

const SPARSE = 1;
const CHUNK_BYTES = 1024 * 1024;
/** A download is written in pieces of this size. */
const BATCH_BYTES = 4 * 1024 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

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
      const chunks = readChunks(file, sparse, (bytes) => {
        sent += bytes;
        onProgress?.(sent);
      });
      await pipeline(chunks, stream, { signal });
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
    const writer = new BatchWriter(file, (bytes) => onProgress?.(bytes));
    await pipeline(
      stream,
      async (parts: AsyncIterable<Buffer | Hole>) => {
        for await (const part of parts) await writer.add(part);
        await writer.end();
      },
      { signal },
    );
    return writer.position;
  }
}

/** Writes large pieces while the next ones are still coming in. */
class BatchWriter {
  readonly #file: FileHandle;
  readonly #onProgress: (bytes: number) => void;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Where the next part belongs: what has come in so far, holes included. */
  position = 0;

  constructor(file: FileHandle, onProgress: (bytes: number) => void) {
    this.#file = file;
    this.#onProgress = onProgress;
  }

  async add(part: Buffer | Hole): Promise<void> {
    if (part instanceof Hole) {
      await this.#flush();
      this.position += Number(part.length);
      return;
    }
    this.#batch.push(part);
    this.#batchBytes += part.length;
    this.position += part.length;
    if (this.#batchBytes >= BATCH_BYTES) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
    // A hole at the end was not written.
    await this.#file.truncate(this.position);
    this.#onProgress(this.position);
  }

  /** Waits for the batch before, not for this one. */
  async #flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    const start = this.position - this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    await this.#writing;
    this.#writing = this.#write(batch, start);
    // A failure is reported by whoever waits for it next.
    this.#writing.catch(() => undefined);
  }

  async #write(batch: Buffer[], start: number): Promise<void> {
    let left = batch;
    let at = start;
    while (left.length > 0) {
      const { bytesWritten } = await this.#file.writev(left, at);
      at += bytesWritten;
      left = dropBytes(left, bytesWritten);
    }
    this.#onProgress(at);
  }
}

/** What is left of some buffers after their first bytes. */
function dropBytes(buffers: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return buffers.flatMap((buffer) => {
    const dropped = Math.min(skip, buffer.length);
    skip -= dropped;
    return dropped === buffer.length ? [] : [buffer.subarray(dropped)];
  });
}

async function* readChunks(
  file: FileHandle,
  sparse: boolean,
  passed: (bytes: number) => void,
): AsyncGenerator<Buffer | Hole> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return;
    const data = buffer.subarray(0, bytesRead);
    passed(bytesRead);
    yield sparse && data.equals(ZEROS.subarray(0, bytesRead)) ? new Hole(BigInt(bytesRead)) : data;
  }
}
