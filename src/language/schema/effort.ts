/**
 * How much may be done with a document before it is too much: only a text that was made to be wrong comes to its end.
 * Work is counted rather than timed, so that the same text is always told the same.
 */
export class Effort {
  readonly #limit: number;
  #steps = 0;

  /** @param limit in attributes and children, for each way to understand their element: 150 of them take some ms */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How much was done so far. */
  get steps(): number {
    return this.#steps;
  }

  /** How much may still be done. */
  get left(): number {
    return Math.max(this.#limit - this.#steps, 0);
  }

  get isSpent(): boolean {
    return this.#steps > this.#limit;
  }

  spend(steps: number): void {
    this.#steps += steps;
  }
}
