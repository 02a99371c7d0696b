import { CallTimeoutError } from './error.ts';
import type { PendingCall } from './pending-call.ts';
import { Queue } from './queue.ts';

/**
 * The daemon serves five requests at a time for each client, and until one is done it reads nothing more, not
 * even keepalive. Slow requests leave one place free for keepalive and quick ones: a tree stays up to date
 * while four guests are saved.
 */
const MAX_IN_FLIGHT = 5;
const MAX_LONG_IN_FLIGHT = MAX_IN_FLIGHT - 1;

/** How often is looked whether a call waits for too long, in the time of a quick one. */
const LOOKS = 4;
/** How much longer other calls may take: 10 minutes where a quick one has half a minute, or a day. */
const WORK = 20;
const LASTING = 2880;

/**
 * The calls of one link: those that wait to be sent, quick ones first, and those that wait for an answer. Each ends
 * at some time, also when its caller would wait for ever and the daemon never answers. One that waits to be sent has
 * that time from the last answer on: however many there are, a daemon that works on them gets to it.
 */
export class Calls {
  readonly #answerMs: number;
  readonly #stuck: () => void;
  readonly #queue = new Queue<PendingCall>();
  /** Goes first, since what is in it is done at once. */
  readonly #quickQueue = new Queue<PendingCall>();
  readonly #inFlight = new Map<number, PendingCall>();
  #timer: NodeJS.Timeout | undefined;
  /** Counts looks, not hours: a laptop that slept has not waited. */
  #now = 0;
  #lastAnswer = 0;

  /**
   * @param answerMs how long a quick call may take; other calls may take a multiple of that
   * @param stuck called when only quick calls can be sent any more, if any: all others that were are never answered
   */
  constructor(answerMs: number, stuck: () => void) {
    this.#answerMs = answerMs;
    this.#stuck = stuck;
  }

  /** How many wait for an answer. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** The call that waits for this answer; undefined when none does. */
  get(serial: number): PendingCall | undefined {
    return this.#inFlight.get(serial);
  }

  /** One more that is to be sent. */
  add(call: PendingCall): void {
    call.since = this.#now;
    (call.procedure.isQuick === true ? this.#quickQueue : this.#queue).push(call);
    this.#timer ??= this.#lookLater();
  }

  /**
   * The next one to be sent now, when there is one. One that was given up is not sent any more; one that was sent
   * keeps its place: the daemon is busy with it.
   */
  next(): PendingCall | undefined {
    while (this.#inFlight.size < MAX_IN_FLIGHT) {
      const hasRoom = this.#inFlight.size < MAX_LONG_IN_FLIGHT;
      const call = this.#quickQueue.shift() ?? (hasRoom ? this.#queue.shift() : undefined);
      if (call === undefined || !call.isSettled) return call;
    }
    return undefined;
  }

  /** From now on it waits for an answer. */
  sent(serial: number, call: PendingCall): void {
    call.since = this.#now;
    this.#inFlight.set(serial, call);
  }

  /** It waits no longer. */
  answered(serial: number): void {
    this.#lastAnswer = this.#now;
    this.#inFlight.delete(serial);
  }

  /** Takes out all of them: the link has ended. */
  clear(): readonly PendingCall[] {
    clearTimeout(this.#timer);
    const calls = [...this.#inFlight.values(), ...this.#quickQueue.clear(), ...this.#queue.clear()];
    this.#inFlight.clear();
    return calls;
  }

  #lookLater(): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#look();
      const waiting = this.#inFlight.size + this.#quickQueue.size + this.#queue.size;
      this.#timer = waiting > 0 ? this.#lookLater() : undefined;
    }, this.#answerMs / LOOKS);
    // A call alone is no reason for a process to stay.
    timer.unref();
    return timer;
  }

  #look(): void {
    this.#now += 1;
    const sent = [...this.#inFlight.values()];
    for (const call of sent) this.#endIfOver(call, call.since);
    const isLasting = sent.some(
      (call) => call.procedure.isLasting === true && !this.#isOver(call, call.since),
    );
    this.#endWaiting(this.#quickQueue);
    // Behind what lasts others may wait for as long.
    if (!isLasting) this.#endWaiting(this.#queue);
    const stuck = sent.filter((call) => this.#isOver(call, call.since));
    if (stuck.length >= MAX_LONG_IN_FLIGHT) this.#stuck();
  }

  /** Those that were given up are not kept either. */
  #endWaiting(queue: Queue<PendingCall>): void {
    queue.keep((call) => {
      this.#endIfOver(call, Math.max(call.since, this.#lastAnswer));
      return !call.isSettled;
    });
  }

  #endIfOver(call: PendingCall, since: number): void {
    if (!call.isTimed && !call.isSettled && this.#isOver(call, since))
      call.reject(new CallTimeoutError(call.procedure.name, this.#limitMs(call)));
  }

  #isOver(call: PendingCall, since: number): boolean {
    return ((this.#now - since) * this.#answerMs) / LOOKS > this.#limitMs(call);
  }

  #limitMs({ procedure }: PendingCall): number {
    return this.#answerMs * (procedure.isQuick === true ? 1 : procedure.isLasting === true ? LASTING : WORK);
  }
}
