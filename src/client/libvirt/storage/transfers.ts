import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { SpaceGuard } from './free-space.ts';
import type { RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/stream.ts';
import { CHUNK_BYTES, Hole, type RpcStream } from '../../rpc/stream.ts';
import type { VolumeRef } from './refs.ts';

const SPARSE = 1;
/** What is read from a file at a time: a few whole messages. */
const READ_BYTES = 4 * CHUNK_BYTES;
const ZEROS = Buffer.alloc(READ_BYTES);
/** What of a download is written to the file at a time: daemons send crumbs of some bytes between large pieces. */
const WRITE_BYTES = 2 * CHUNK_BYTES;
/** Who has written nothing for so long, and does not run, is not writing. */
const SILENCE_MS = 60_000;
/** The same of whom nobody knows whether it runs. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;
/** How many such writes may be on their way. */
const WRITES_MAX = 2;

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes of the volume that were passed so far, holes included. */
  readonly onProgress?: (bytes: number) => void;
  /** Passes runs of zeros as holes. Not every daemon and pool knows that. */
  readonly sparse?: boolean;
}

/** Some bytes of a file, from `start` on. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

export interface UploadOptions extends TransferOptions {
  /** Where the file has data, in order: what lies between is not read. Only with `sparse`; without it all is read. */
  readonly extents?: readonly Extent[] | undefined;
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
   * cancelled download leaves is removed. Returns its size in bytes. @throws NoSpaceError
   */
  async download(volume: VolumeRef, path: string, options: TransferOptions = {}): Promise<number> {
    await removeLeftovers(path);
    const partial = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
    const file = await open(partial, 'wx', 0o600);
    try {
      const size = await this.#receive(volume, { file, guard: new SpaceGuard(dirname(path)) }, options);
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
  async upload(volume: VolumeRef, path: string, options: UploadOptions = {}): Promise<number> {
    const { signal, onProgress, sparse = false, extents } = options;
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const args = { volume, offset: 0n, length: BigInt(size), flags: sparse ? SPARSE : 0 };
      const { stream } = await this.#rpc.openStream(procedures.storageVolUpload, args, {
        signal,
        holes: sparse,
      });
      let sent = 0;
      const passed = (bytes: number) => {
        sent += bytes;
        onProgress?.(sent);
      };
      const pieces =
        sparse && extents !== undefined
          ? readExtents(file, extents, size, passed)
          : readPieces(file, { start: 0, end: Infinity }, sparse, passed);
      await writeAll(stream, pieces, signal);
      return sent;
    } finally {
      await file.close();
    }
  }

  async #receive(
    volume: VolumeRef,
    { file, guard }: { readonly file: FileHandle; readonly guard: SpaceGuard },
    options: TransferOptions,
  ): Promise<number> {
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
          else {
            await guard.take(part.length);
            await writer.add(part);
          }
        }
        await writer.end();
      },
      { signal },
    );
    return writer.position;
  }
}

/** Removes what processes that died while they downloaded to this path have left beside it. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder).catch((): string[] => [])) {
    // The first release named no process.
    const [rest, pid] = /^(?:(\d+)-)?[0-9a-f]{8}\.part$/u.exec(name.slice(start.length)) ?? [];
    if (!name.startsWith(start) || rest === undefined || (pid !== undefined && runs(Number(pid)))) continue;
    const place = join(folder, name);
    const { mtimeMs, uid, mode } = await stat(place);
    if (uid !== (process.getuid?.() ?? uid) || (mode & 0o077) !== 0) continue;
    // The folder may be another machine's, too: there a download shows by its last write that it lives.
    if (Date.now() - mtimeMs > (pid === undefined ? FORGOTTEN_MS : SILENCE_MS))
      await rm(place, { force: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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

/** Writes pieces as they come, a few together, while the next ones are still coming in. */
class PieceWriter {
  readonly #file: FileHandle;
  readonly #onProgress: (bytes: number) => void;
  readonly #release: (piece: Buffer) => void;
  readonly #writing = new Set<Promise<void>>();
  /** Pieces that belong one after the other, up to {@link position}, and are to be written next. */
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
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
    this.#flush();
    this.position += bytes;
    this.#written += bytes;
  }

  /** Returns when there is room for another piece. */
  async add(piece: Buffer): Promise<void> {
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    this.position += piece.length;
    if (this.#gatheredBytes >= WRITE_BYTES) this.#flush();
    if (this.#writing.size >= WRITES_MAX) await Promise.race(this.#writing);
  }

  /** Returns when all of it is in the file, which then has its full size. */
  async end(): Promise<void> {
    this.#flush();
    await Promise.all(this.#writing);
    // A hole at the end was not written.
    await this.#file.truncate(this.position);
    this.#onProgress(this.position);
  }

  #flush(): void {
    if (this.#gatheredBytes === 0) return;
    const pieces = this.#gathered;
    const writing = this.#write(pieces, this.position - this.#gatheredBytes).then(() => {
      this.#writing.delete(writing);
      for (const piece of pieces) this.#release(piece);
    });
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#writing.add(writing);
    // A failure is reported by whoever waits for it next.
    writing.catch(() => undefined);
  }

  async #write(pieces: readonly Buffer[], start: number): Promise<void> {
    let [left, at] = [pieces, start];
    while (left.length > 0) {
      const { bytesWritten } = await this.#file.writev(left, at);
      left = withoutFirst(left, bytesWritten);
      at += bytesWritten;
    }
    this.#written += at - start;
    this.#onProgress(this.#written);
  }
}

/** What is left of some pieces when so many bytes of them are done. */
function withoutFirst(pieces: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  const left: Buffer[] = [];
  for (const piece of pieces) {
    if (skip < piece.length) left.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return left;
}

/** The data of a file, and holes for what lies between them and behind the last, which is not read. */
async function* readExtents(
  file: FileHandle,
  extents: readonly Extent[],
  size: number,
  passed: (bytes: number) => void,
): AsyncGenerator<Buffer | Hole> {
  let position = 0;
  const holeUpTo = function* (end: number): Generator<Hole> {
    if (end <= position) return;
    passed(end - position);
    yield new Hole(BigInt(end - position));
    position = end;
  };
  for (const { start, length } of extents) {
    const end = Math.min(size, start + length);
    yield* holeUpTo(Math.min(start, size));
    yield* readPieces(file, { start: position, end }, true, (bytes) => {
      position += bytes;
      passed(bytes);
    });
  }
  yield* holeUpTo(size);
}

/** A part of a file piece by piece. While one is in use the next one is read, and then the one before is used again. */
async function* readPieces(
  file: FileHandle,
  { start, end }: { readonly start: number; readonly end: number },
  sparse: boolean,
  passed: (bytes: number) => void,
): AsyncGenerator<Buffer | Hole> {
  let [current, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let position = start;
  const readNext = () => file.read(current, 0, Math.max(0, Math.min(READ_BYTES, end - position)), position);
  let reading = readNext();
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return;
    position += bytesRead;
    const data = current.subarray(0, bytesRead);
    [current, other] = [other, current];
    reading = readNext();
    // It is awaited next, unless nobody wants more.
    reading.catch(() => undefined);
    passed(bytesRead);
    yield sparse && data.equals(ZEROS.subarray(0, bytesRead)) ? new Hole(BigInt(bytesRead)) : data;
  }
}
