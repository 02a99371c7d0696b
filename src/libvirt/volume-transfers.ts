import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/stream.ts';
import { Hole } from '../rpc/stream.ts';
import type { VolumeRef } from './storage-volume.ts';

const SPARSE = 1;
const CHUNK_BYTES = 1024 * 1024;
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
    const { stream } = await this.#rpc.openStream(procedures.storageVolDownload, args, {
      signal,
      holes: sparse,
    });
    let position = 0;
    await pipeline(
      stream,
      async (parts: AsyncIterable<Buffer | Hole>) => {
        for await (const part of parts) {
          if (part instanceof Hole) position += Number(part.length);
          else position += await writeAll(file, part, position);
          onProgress?.(position);
        }
        // A hole at the end was not written.
        await file.truncate(position);
      },
      { signal },
    );
    return position;
  }
}

async function writeAll(file: FileHandle, data: Buffer, position: number): Promise<number> {
  for (let done = 0; done < data.length;) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
  return data.length;
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
