/** Longer than a daemon on this machine takes for what it answers from memory. */
const WATCH_MS = 0.5;
/** Whoever watched would not have missed what comes so soon after. */
const SOON_MS = 1;
/** A daemon on this machine is late now and then, one that is far away always. */
const PATIENCE = 3;

/**
 * Keeps the event loop turning for a moment while an answer is about to come. A process that sleeps is woken
 * late: on a virtual machine the delay can be as long as the whole answer takes. Everything else in the loop
 * goes on in each turn. When the answer takes longer, because the daemon is far away or busy, this process
 * sleeps like any other.
 */
export class Lookout {
  readonly #isAwaited: () => boolean;
  readonly #now: () => number;
  #since = 0;
  #turning = false;
  /** How often in a row nothing came in time. */
  #late = 0;

  /**
   * @param isAwaited whether there is anything to look out for
   * @param now a clock in ms
   */
  constructor(isAwaited: () => boolean, now = () => performance.now()) {
    this.#isAwaited = isAwaited;
    this.#now = now;
  }

  /** From now on something is expected, such as the answer to what was just sent. */
  expect(): void {
    this.#since = this.#now();
    if (this.#turning || this.#late >= PATIENCE) return;
    this.#turning = true;
    setImmediate(this.#turn);
  }

  /** Something came in. */
  heard(): void {
    if (this.#late > 0 && this.#age() < SOON_MS) this.#late = 0;
  }

  #age(): number {
    return this.#now() - this.#since;
  }

  readonly #turn = (): void => {
    const isLate = this.#age() > WATCH_MS;
    if (isLate) this.#late += 1;
    this.#turning = !isLate && this.#isAwaited();
    if (this.#turning) setImmediate(this.#turn);
  };
}
