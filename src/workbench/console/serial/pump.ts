import { EscapeFilter, forReplay, forTerminal } from '../../../model/text/escape-filter.ts';

/** What a terminal may be given in one go without the window getting stuck. */
const BURST_BYTES = 256 * 1024;
/** After a burst the window gets this long to draw: together they allow 16 MiB/s. */
const REST_MS = 16;

/**
 * Turns a guest's bytes into text for a terminal, which cannot say “enough”: fast output is handed over in bursts with
 * a rest between them, and the writer is told to wait meanwhile. The echo of a single key does not wait. Characters
 * that are cut in two by a chunk come out whole; bytes that are not UTF-8 become U+FFFD. Escape sequences that do more
 * than show something are left out.
 */
export class Pump {
  readonly #emit: (text: string) => void;
  readonly #setFull: (full: boolean) => void;
  readonly #filter = new EscapeFilter(forTerminal);
  #decoder = new TextDecoder();
  #waiting: Uint8Array[] = [];
  #budget = BURST_BYTES;
  #timer: NodeJS.Timeout | undefined;
  #full = false;

  constructor(emit: (text: string) => void, setFull: (full: boolean) => void) {
    this.#emit = emit;
    this.#setFull = setFull;
  }

  write(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#drain();
  }

  /** Hands over everything. Half a character or sequence at the end is given up, since its rest will never come. */
  flush(): void {
    while (this.#waiting.length > 0) {
      this.#budget = Infinity;
      this.#drain();
    }
    const rest = this.#decoder.decode();
    this.#decoder = new TextDecoder();
    this.#show(rest);
    this.#filter.reset();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #drain(): void {
    while (this.#budget > 0) {
      const bytes = this.#waiting.shift();
      if (bytes === undefined) break;
      const now = bytes.subarray(0, this.#budget);
      if (now.length < bytes.length) this.#waiting.unshift(bytes.subarray(now.length));
      this.#budget -= now.length;
      this.#show(this.#decoder.decode(now, { stream: true }));
    }
    this.#tellFull(this.#waiting.length > 0);
    this.#timer ??= setTimeout(() => this.#refill(), REST_MS);
  }

  #show(text: string): void {
    const shown = this.#filter.push(text);
    if (shown !== '') this.#emit(shown);
  }

  #refill(): void {
    this.#timer = undefined;
    this.#budget = BURST_BYTES;
    if (this.#waiting.length > 0) this.#drain();
  }

  #tellFull(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    this.#setFull(full);
  }
}

/** What a guest said some time ago, as text for a terminal: nothing in it is obeyed or answered any more. */
export function replayed(bytes: Uint8Array): string {
  return new EscapeFilter(forReplay).push(new TextDecoder().decode(bytes));
}
