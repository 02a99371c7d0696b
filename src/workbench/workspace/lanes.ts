interface Piece {
  work: () => Promise<void>;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Work in lanes: one piece after the other in each, and whatever one of them waits for, the others go on. A piece that
 * waits already waits once, however often it is asked for.
 */
export class Lanes {
  /** What waits in each lane that is busy, by name. */
  readonly #lanes = new Map<string, Map<string, Piece>>();

  /** Settles as the piece does, which is the one that was asked for last under its name. */
  do(lane: string, name: string, work: () => Promise<void>): Promise<void> {
    const waiting = this.#lanes.get(lane) ?? this.#begin(lane);
    const known = waiting.get(name);
    if (known !== undefined) {
      known.work = work;
      return known.done.promise;
    }
    const piece: Piece = { work, done: Promise.withResolvers() };
    waiting.set(name, piece);
    return piece.done.promise;
  }

  #begin(lane: string): Map<string, Piece> {
    const waiting = new Map<string, Piece>();
    this.#lanes.set(lane, waiting);
    queueMicrotask(() => void this.#run(lane, waiting));
    return waiting;
  }

  async #run(lane: string, waiting: Map<string, Piece>): Promise<void> {
    for (const [name, { work, done }] of waiting) {
      // Asked for again from now on, it is to be done again.
      waiting.delete(name);
      await work().then(done.resolve, done.reject);
    }
    this.#lanes.delete(lane);
  }
}
