import { t } from '@vscode/l10n';
import type { RpcConnection } from '../rpc/connection.ts';
import { ConnectionClosedError, ProtocolError } from '../rpc/error.ts';
import type { EventMessage } from '../rpc/procedure.ts';

/**
 * Ends a subscription: the listener is not called again, and the daemon sends nothing more once the last
 * listener went. Calling it again does nothing.
 */
export type Unsubscribe = () => Promise<void>;

/** How one kind of event is asked for on the wire. */
export interface EventWiring<W> {
  readonly message: EventMessage<W>;
  /** Resolves to the id that the daemon's messages for this registration carry. */
  register(): Promise<{ readonly callbackId: number }>;
  deregister(callbackId: number): Promise<void>;
}

/** What may come before the daemon has agreed to a registration, in bytes: far more than it takes to agree. */
const EARLY_MAX = 1024 * 1024;

/** What every message of an event has. Where registrations have no ids, 0 stands for the only one. */
interface Registered {
  readonly callbackId: number;
}

interface Registration {
  readonly callbackId: number;
  readonly stop: () => void;
}

interface Listener<W> {
  readonly call: (message: W) => void;
}

/**
 * One registration with the daemon, which refuses the same one twice on a connection, for any number of
 * listeners. It is made for the first of them and taken back after the last.
 */
export class EventSource<W extends Registered> {
  readonly #rpc: RpcConnection;
  readonly #wiring: EventWiring<W>;
  readonly #listeners = new Set<Listener<W>>();
  #registration: Registration | undefined;
  /** Registering and deregistering take turns, so that they reach the daemon in the order they were meant. */
  #turn: Promise<void> = Promise.resolve();

  constructor(rpc: RpcConnection, wiring: EventWiring<W>) {
    this.#rpc = rpc;
    this.#wiring = wiring;
  }

  /** Resolves when the daemon has agreed: every event from then on is heard, and possibly earlier ones. */
  async subscribe(listener: (message: W) => void): Promise<Unsubscribe> {
    const entry: Listener<W> = { call: listener };
    this.#listeners.add(entry);
    try {
      await this.#settle();
    } catch (error) {
      this.#listeners.delete(entry);
      throw error;
    }
    return async () => {
      if (this.#listeners.delete(entry)) await this.#settle();
    };
  }

  #settle(): Promise<void> {
    const turn = this.#turn.then(() => this.#match());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Brings the registration in line with whether there are listeners. */
  async #match(): Promise<void> {
    if (this.#listeners.size > 0) this.#registration ??= await this.#register();
    else await this.#deregister();
  }

  async #register(): Promise<Registration> {
    // Listening starts before the call: the first events may arrive together with the reply, and until that is
    // read nobody knows which id is ours.
    let early: W[] | undefined = [];
    let earlyBytes = 0;
    let ours: number | undefined;
    const stop = this.#rpc.onEvent(this.#wiring.message, (message, bytes) => {
      earlyBytes += bytes;
      if (early !== undefined && earlyBytes > EARLY_MAX) early = [];
      if (early !== undefined) early.push(message);
      else if (message.callbackId === ours) this.#deliver(message);
    });
    try {
      const { callbackId } = await this.#wiring.register();
      if (earlyBytes > EARLY_MAX) {
        this.#wiring.deregister(callbackId).catch(() => undefined);
        throw new ProtocolError(t('The daemon sends events faster than they can be read'));
      }
      ours = callbackId;
      const held = early;
      early = undefined;
      for (const message of held) if (message.callbackId === callbackId) this.#deliver(message);
      return { callbackId, stop };
    } catch (error) {
      stop();
      throw error;
    }
  }

  async #deregister(): Promise<void> {
    const registration = this.#registration;
    if (registration === undefined) return;
    this.#registration = undefined;
    registration.stop();
    try {
      await this.#wiring.deregister(registration.callbackId);
    } catch (error) {
      // A link that ended took its registrations along.
      if (!(error instanceof ConnectionClosedError)) throw error;
    }
  }

  #deliver(message: W): void {
    for (const { call } of this.#listeners) call(message);
  }
}

/** The sources of one connection, made when they are first listened to, one for each key. */
export class EventSources {
  readonly #rpc: RpcConnection;
  readonly #sources = new Map<string, unknown>();

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** The same key must always come with the same kind of wiring. */
  subscribe<W extends Registered>(
    key: string,
    wiring: EventWiring<W>,
    listener: (message: W) => void,
  ): Promise<Unsubscribe> {
    const source = (this.#sources.get(key) ?? new EventSource(this.#rpc, wiring)) as EventSource<W>;
    this.#sources.set(key, source);
    return source.subscribe(listener);
  }
}
