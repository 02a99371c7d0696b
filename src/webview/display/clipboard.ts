import { CLIPBOARD_MAX } from './messages.ts';

/** Between two texts that get through: a guest may fill the clipboard again and again. */
const PAUSE_MS = 250;

interface Filling {
  readonly text: string;
  readonly afterInput: boolean;
}

/** Keeps a guest from flooding a person's clipboard; what it said last gets there in any case. */
export class ClipboardGate {
  readonly #deliver: (filling: Filling) => void;
  #latest: Filling | undefined;
  #resting = false;

  constructor(deliver: (filling: Filling) => void) {
    this.#deliver = deliver;
  }

  offer(filling: Filling): void {
    if (filling.text.length > CLIPBOARD_MAX) return;
    this.#latest = filling;
    if (!this.#resting) this.#pass();
  }

  #pass(): void {
    const filling = this.#latest;
    this.#latest = undefined;
    this.#resting = filling !== undefined;
    if (filling === undefined) return;
    this.#deliver(filling);
    setTimeout(() => this.#pass(), PAUSE_MS);
  }
}
