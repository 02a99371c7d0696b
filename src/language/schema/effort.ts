/** Some half a second's work: a thousand elements that each have some mistakes. */
const MAX_STEPS = 150_000;

/**
 * How much may be done to find out what is wrong with a document. Whoever is at its end takes what is wrong as it is:
 * only a text that was made to be wrong has more mistakes than that.
 */
export class Effort {
  #steps = 0;

  /** How much was done so far: attributes and children, for each way to understand their element. */
  get steps(): number {
    return this.#steps;
  }

  get isSpent(): boolean {
    return this.#steps > MAX_STEPS;
  }

  spend(steps: number): void {
    this.#steps += steps;
  }
}
