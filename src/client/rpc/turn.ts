import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may go on before everything else has its turn. */
const TURN_MS = 2;

/** For long work in pieces: `if (turn.isOver) await turn.next()` after each of them. */
export class Turn {
  #until = performance.now() + TURN_MS;

  /** Whether the work has gone on for long enough. */
  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** Lets everything else go first. */
  async next(): Promise<void> {
    await nextTurn();
    this.#until = performance.now() + TURN_MS;
  }
}
