import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** About 4,000 lines. */
const KEEP_BYTES = 384 * 1024;
/** The file grows to this before it is cut down to what is kept. */
const FILE_MAX = 3 * KEEP_BYTES;
const WRITE_AFTER_MS = 250;

/**
 * The last output of a console, in a file that only this user can read, so that it survives VS Code. It is written in
 * the background, so that nobody waits for the disk, and never grows beyond a bound.
 */
export class History {
  readonly #path: string;
  readonly #onError: (error: unknown) => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #file: FileHandle | undefined;
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #broken = false;

  constructor(path: string, onError: (error: unknown) => void) {
    this.#path = path;
    this.#onError = onError;
  }

  /** What was kept, from the start of a line. */
  async read(): Promise<Buffer> {
    const bytes = await readFile(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') this.#onError(error);
      return Buffer.alloc(0);
    });
    return lastLines(bytes);
  }

  add(bytes: Uint8Array): void {
    if (this.#broken) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > FILE_MAX) this.#shortenPending();
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS);
  }

  /** A guest may say more than a disk takes, and only the last of it is kept anyway. */
  #shortenPending(): void {
    const rest = lastLines(Buffer.concat(this.#pending));
    this.#pending = [rest];
    this.#pendingBytes = rest.length;
  }

  /** Settles when all that was added is written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#work = this.#work.then(() => this.#write()).catch((error: unknown) => this.#fail(error));
    await this.#work;
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    this.#forgetPending();
    this.#work = this.#work.then(async () => {
      await this.#file?.close();
      this.#file = undefined;
      await rm(this.#path, { force: true });
    });
    await this.#work;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#forgetPending();
    if (bytes.length === 0) return;
    this.#file ??= await this.#open();
    await this.#file.appendFile(bytes);
    this.#size += bytes.length;
    if (this.#size > FILE_MAX) await this.#shorten();
  }

  #forgetPending(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(this.#path, 'a', 0o600);
    this.#size = (await file.stat()).size;
    return file;
  }

  async #shorten(): Promise<void> {
    const rest = lastLines(await readFile(this.#path));
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, 'w', 0o600);
    await file.writeFile(rest);
    await file.close();
    await rename(temporary, this.#path);
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Keeps nothing more: a full disk must not take the console away. */
  #fail(error: unknown): void {
    this.#broken = true;
    this.#forgetPending();
    this.#onError(error);
  }
}

function lastLines(bytes: Buffer): Buffer {
  if (bytes.length <= KEEP_BYTES) return bytes;
  const tail = bytes.subarray(bytes.length - KEEP_BYTES);
  return tail.subarray(tail.indexOf('\n') + 1);
}
