/** Older samples say little of what comes. */
const WINDOW_MS = 5_000;
/** A speed over less than this jumps about. */
const SHORTEST_MS = 500;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** How fast something goes on, from how far it was when. */
export class Pace {
  readonly #samples: Sample[] = [];

  /** @param at in ms, on a clock that only goes on */
  add(done: number, at: number): void {
    const last = this.#samples.at(-1);
    // What begins again from less is another measurement.
    if (last !== undefined && done < last.done) this.#samples.length = 0;
    this.#samples.push({ at, done });
    while (at - (this.#samples[1]?.at ?? at) >= WINDOW_MS) this.#samples.shift();
  }

  /** Per second; undefined until enough time has passed. */
  get speed(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS) return undefined;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  /** How long it still takes at this pace, in ms; undefined when it stands still. */
  remainingMs(total: number): number | undefined {
    const { speed } = this;
    const done = this.#samples.at(-1)?.done ?? 0;
    return speed === undefined || speed <= 0 ? undefined : (Math.max(0, total - done) / speed) * 1000;
  }
}
