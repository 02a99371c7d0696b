import { beginFrame, finishFrame, MessageStatus, MessageType, type Frame } from './frame.ts';
import { Program, PROTOCOL_VERSION } from './procedure.ts';

const PING = 1;
const PONG = 2;

/** Pings without any sign of life after which the link counts as dead. */
const LIMIT = 3;

/** What keepalive needs of its connection. */
export interface KeepaliveLink {
  send(frame: Buffer): void;
  /** Whether answers would be noticed: not while a stream that is full has the link paused. */
  isRead(): boolean;
  /** Called when the daemon was silent for too long. */
  dead(): void;
}

/**
 * Keeps the two ends of a link sure of each other: answers the daemon's pings, and pings it when it is silent,
 * so that a network that went away without a word is noticed.
 */
export class Keepalive {
  readonly #link: KeepaliveLink;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #due = 0;

  /** Silence for `intervalMs` is answered with a ping. */
  constructor(link: KeepaliveLink, intervalMs: number) {
    this.#link = link;
    this.#intervalMs = intervalMs;
  }

  /** Starts to ping; the daemon must have said that it knows keepalive. */
  start(): void {
    this.#schedule();
  }

  /** Neither pings nor notices anything any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Any byte from the daemon is a sign of life. */
  heard(): void {
    this.#unanswered = 0;
  }

  /** For the connection: a message of the keepalive program came in. */
  receive(frame: Frame): void {
    if (frame.procedure === PING) this.#link.send(keepaliveFrame(PONG));
  }

  #schedule(): void {
    this.#due = Date.now() + this.#intervalMs;
    this.#timer = setTimeout(() => this.#tick(), this.#intervalMs);
    // A link alone is no reason for a process to stay.
    this.#timer.unref();
  }

  #tick(): void {
    // A laptop that slept, or a link that is not read: what was not answered then says nothing, so ask anew. The
    // ping is sent all the same, since the daemon on its part wants to hear from us.
    if (Date.now() > this.#due + this.#intervalMs || !this.#link.isRead()) this.#unanswered = 0;
    if (this.#unanswered >= LIMIT) {
      this.#link.dead();
      return;
    }
    this.#unanswered++;
    this.#link.send(keepaliveFrame(PING));
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
