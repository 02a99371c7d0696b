import { createWriteStream, type WriteStream } from 'node:fs';

/** How much may wait for a slow disk before the guest is told to wait as well. */
const WAITING_MAX = 4 * 1024 * 1024;

export interface LogOptions {
  readonly path: string;
  /** What the file held before stays in front. */
  readonly append: boolean;
  readonly onError: (error: unknown) => void;
  /** Whether whoever writes should wait. */
  readonly onFull: (full: boolean) => void;
}

/** What a console says, byte by byte in a file. A new one can only be read by this user. */
export class ConsoleLog {
  readonly #stream: WriteStream;
  readonly #onFull: (full: boolean) => void;
  #full = false;

  constructor({ path, append, onError, onFull }: LogOptions) {
    this.#onFull = onFull;
    this.#stream = createWriteStream(path, {
      flags: append ? 'a' : 'w',
      mode: 0o600,
      highWaterMark: WAITING_MAX,
    });
    this.#stream.on('drain', () => this.#tellFull(false));
    this.#stream.on('error', (error) => {
      this.#tellFull(false);
      onError(error);
    });
  }

  write(bytes: Uint8Array): void {
    if (this.#stream.destroyed) return;
    if (!this.#stream.write(bytes)) this.#tellFull(true);
  }

  /** Settles when all of it is in the file, or it has failed. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#stream.closed) resolve();
      else this.#stream.once('close', resolve).end();
    });
    this.#tellFull(false);
  }

  #tellFull(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    this.#onFull(full);
  }
}
