import type { ElementPattern } from './pattern.ts';

/** The most characters that are kept. */
const MAX_CHARACTERS = 500_000;

/** Whether elements, as they are written, are what patterns ask for: kept from one text of a document to the next. */
export class Verdicts {
  readonly #known = new Map<ElementPattern, Map<string, boolean>>();
  #characters = 0;

  get(leaf: ElementPattern, written: string): boolean | undefined {
    return this.#known.get(leaf)?.get(written);
  }

  set(leaf: ElementPattern, written: string, holds: boolean): void {
    this.#characters += written.length;
    if (this.#characters > MAX_CHARACTERS) {
      this.#known.clear();
      this.#characters = written.length;
    }
    let verdicts = this.#known.get(leaf);
    if (verdicts === undefined) this.#known.set(leaf, (verdicts = new Map()));
    verdicts.set(copied(written), holds);
  }
}

/** A slice would keep the whole text that it is of in memory. */
function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
