import type { Readable } from 'node:stream';

const WITHIN_MS = 60_000;

/** What a console has said so far, to be waited for piece by piece as a person reads it. */
export class Transcript {
  #text = '';
  #read = 0;
  readonly #waiting = new Set<() => void>();

  constructor(stream: Readable) {
    stream.on('data', (data: Buffer) => this.#add(data.toString('latin1')));
    stream.on('error', (error) => this.#add(`\n[${error.message}]`));
    stream.on('end', () => this.#add('\n[end]'));
  }

  get text(): string {
    return this.#text;
  }

  /** Waits until this comes after what was waited for last. */
  async expect(pattern: RegExp, withinMs = WITHIN_MS): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = () => {
      const match = pattern.exec(this.#text.slice(this.#read));
      if (match === null) return;
      this.#read += match.index + match[0].length;
      resolve(match[0]);
    };
    const timer = setTimeout(
      () => reject(new Error(`Not said within ${withinMs} ms: ${String(pattern)}\n${this.#text}`)),
      withinMs,
    );
    this.#waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  #add(text: string): void {
    this.#text += text;
    for (const look of this.#waiting) look();
  }
}
