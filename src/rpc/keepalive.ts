import { beginFrame, finishFrame, MessageStatus, MessageType, type Frame } from './frame.ts';
import { Program, PROTOCOL_VERSION } from './procedure.ts';

const PING = 1;
const PONG = 2;

/** Silence of this length is answered with a ping. */
const INTERVAL_MS = 10_000;
/** Pings without any sign of life after which the link counts as dead. */
const LIMIT = 3;

/**
 * Keeps the two ends of a link sure of each other: answers the daemon's pings, and pings it when it is silent,
 * so that a network that went away without a word is noticed.
 */
export class Keepalive {
  readonly #send: (frame: Buffer) => void;
  readonly #dead: () => void;
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #due = 0;

  constructor(send: (frame: Buffer) => void, dead: () => void) {
    this.#send = send;
    this.#dead = dead;
  }

  /** Starts to ping; the daemon must have said that it knows keepalive. */
  start(): void {
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Any byte from the daemon is a sign of life. */
  heard(): void {
    this.#unanswered = 0;
  }

  receive(frame: Frame): void {
    if (frame.procedure === PING) this.#send(keepaliveFrame(PONG));
  }

  #schedule(): void {
    this.#due = Date.now() + INTERVAL_MS;
    this.#timer = setTimeout(() => this.#tick(), INTERVAL_MS);
    // A link alone is no reason for a process to stay.
    this.#timer.unref();
  }

  #tick(): void {
    // A laptop that slept: what was not answered then says nothing, so ask anew.
    if (Date.now() > this.#due + INTERVAL_MS) this.#unanswered = 0;
    if (this.#unanswered >= LIMIT) {
      this.#dead();
      return;
    }
    this.#unanswered++;
    this.#send(keepaliveFrame(PING));
    this.#schedule();
  }
}

function keepaliveFrame(procedure: number): Buffer {
  return finishFrame(
    beginFrame({
      program: Program.KEEPALIVE,
      version: PROTOCOL_VERSION,
      procedure,
      type: MessageType.MESSAGE,
      serial: 0,
      status: MessageStatus.OK,
    }),
  );
}
