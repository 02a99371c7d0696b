import { CLIPBOARD_MAX } from './messages.ts';

/** Between two texts that get through: a guest may fill the clipboard again and again. */
const PAUSE_MS = 250;

/** Keeps a guest from flooding a person's clipboard; what it said last gets there in any case. */
export class ClipboardGate {
  readonly #deliver: (text: string) => void;
  #latest: string | undefined;
  #resting = false;

  constructor(deliver: (text: string) => void) {
    this.#deliver = deliver;
  }

  offer(text: string): void {
    if (text.length > CLIPBOARD_MAX) return;
    this.#latest = text;
    if (!this.#resting) this.#pass();
  }

  #pass(): void {
    const text = this.#latest;
    this.#latest = undefined;
    this.#resting = text !== undefined;
    if (text === undefined) return;
    this.#deliver(text);
    setTimeout(() => this.#pass(), PAUSE_MS);
  }
}
