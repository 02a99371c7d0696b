import type { Channel } from './channel.ts';
import { decode } from './codec.ts';
import { abortReason, CallTimeoutError, ConnectionClosedError, ProtocolError, RemoteError } from './error.ts';
import { beginFrame, finishFrame, FrameParser, MessageStatus, MessageType, type Frame } from './frame.ts';
import { type EventMessage, type Procedure, Program, PROTOCOL_VERSION } from './procedure.ts';
import { remoteError } from './types.ts';

export interface CallOptions {
  /** Gives up waiting. A call that was already sent may still be carried out by the daemon. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * The daemon serves five requests at a time for each client and reads nothing more, keepalive included, until
 * one is done: one place stays free for keepalive.
 */
const MAX_IN_FLIGHT = 4;

const KEEPALIVE_PING = 1;
const KEEPALIVE_PONG = 2;

interface PendingCall {
  readonly procedure: Procedure<unknown, unknown>;
  readonly args: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type EventHandler = (body: Buffer) => void;

/**
 * One link to a daemon: calls go out in order, at most {@link MAX_IN_FLIGHT} at a time, replies come back in
 * any order, events reach their handlers. When the link ends every waiting call is rejected.
 */
export class RpcConnection {
  /** Settles when the link has ended, with the reason unless {@link close} asked for it. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  readonly #channel: Channel;
  readonly #parser = new FrameParser();
  readonly #queue: PendingCall[] = [];
  readonly #inFlight = new Map<number, PendingCall>();
  readonly #eventHandlers = new Map<string, Set<EventHandler>>();
  #nextSerial = 1;
  #end: { readonly error: ConnectionClosedError } | undefined;
  #failure: Error | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.input.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.closed = channel.closed.then((carrierError) => {
      const reason = this.#failure ?? carrierError;
      this.#finish(reason);
      return reason;
    });
  }

  /**
   * @throws RemoteError when the daemon refuses, ConnectionClosedError when the link ends first,
   *   CallTimeoutError, or the signal's reason.
   */
  call<A, R>(procedure: Procedure<A, R>, args: A, options: CallOptions = {}): Promise<R> {
    if (this.#end !== undefined) return Promise.reject(this.#end.error);
    const { signal, timeoutMs } = options;
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    return new Promise<R>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const pending: PendingCall = {
        procedure,
        args,
        resolve: (value) => {
          settled();
          resolve(value as R);
        },
        reject: (error) => {
          settled();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      const onAbort = () => this.#abandon(pending, abortReason(signal));
      signal?.addEventListener('abort', onAbort, { once: true });
      if (timeoutMs !== undefined)
        timer = setTimeout(
          () => this.#abandon(pending, new CallTimeoutError(procedure.name, timeoutMs)),
          timeoutMs,
        );
      this.#queue.push(pending);
      this.#pump();
    });
  }

  /** Calls `listener` for each such message until the returned function is called. */
  onEvent<T>(event: EventMessage<T>, listener: (value: T) => void): () => void {
    const key = eventKey(event.program, event.number);
    const handlers = this.#eventHandlers.get(key) ?? new Set();
    this.#eventHandlers.set(key, handlers);
    const handler: EventHandler = (body) => listener(decode(event.body, body));
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Ends the link now; calls that still wait are rejected. */
  close(): void {
    this.#finish(undefined);
    this.#channel.close();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#finish(error);
    this.#channel.close();
  }

  #finish(reason: Error | undefined): void {
    if (this.#end !== undefined) return;
    const error =
      reason === undefined
        ? new ConnectionClosedError()
        : new ConnectionClosedError(`The connection was lost: ${reason.message}`, { cause: reason });
    this.#end = { error };
    const waiting = [...this.#inFlight.values(), ...this.#queue];
    this.#inFlight.clear();
    this.#queue.length = 0;
    this.#eventHandlers.clear();
    for (const call of waiting) call.reject(error);
  }

  /** A queued call is taken back; one already sent keeps its place, since the daemon is busy with it. */
  #abandon(pending: PendingCall, error: Error): void {
    const index = this.#queue.indexOf(pending);
    if (index !== -1) this.#queue.splice(index, 1);
    pending.reject(error);
  }

  #pump(): void {
    while (this.#inFlight.size < MAX_IN_FLIGHT) {
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      this.#send(pending);
    }
  }

  #send(pending: PendingCall): void {
    const serial = this.#takeSerial();
    const { program, number, args } = pending.procedure;
    try {
      const writer = beginFrame({
        program,
        version: PROTOCOL_VERSION,
        procedure: number,
        type: MessageType.CALL,
        serial,
        status: MessageStatus.OK,
      });
      args.write(writer, pending.args);
      this.#channel.output.write(finishFrame(writer));
    } catch (error) {
      pending.reject(error);
      return;
    }
    this.#inFlight.set(serial, pending);
  }

  /** Serials are 32 bits and 0 is for events. */
  #takeSerial(): number {
    do {
      this.#nextSerial = this.#nextSerial === 0xffffffff ? 1 : this.#nextSerial + 1;
    } while (this.#inFlight.has(this.#nextSerial));
    return this.#nextSerial;
  }

  #receive(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    try {
      this.#parser.push(chunk, (frame) => this.#dispatch(frame));
    } catch (error) {
      this.#fail(error instanceof Error ? error : new ProtocolError(String(error)));
    }
  }

  #dispatch(frame: Frame): void {
    // A listener may have closed the link while the rest of its chunk was still to come.
    if (this.#end !== undefined) return;
    if (frame.program === Program.KEEPALIVE) return this.#answerKeepalive(frame);
    switch (frame.type) {
      case MessageType.REPLY:
        return this.#settle(frame);
      case MessageType.MESSAGE:
        return this.#deliver(frame);
      default:
        throw new ProtocolError(`The daemon sent a message of the unexpected type ${frame.type}`);
    }
  }

  #settle(frame: Frame): void {
    const pending = this.#inFlight.get(frame.serial);
    if (pending === undefined) throw new ProtocolError(`The daemon answered a call that was not made`);
    const { procedure } = pending;
    if (procedure.program !== frame.program || procedure.number !== frame.procedure)
      throw new ProtocolError(`The daemon answered ${procedure.name} with another procedure's reply`);
    this.#inFlight.delete(frame.serial);
    try {
      if (frame.status === MessageStatus.OK) pending.resolve(decode(procedure.result, frame.body));
      else pending.reject(new RemoteError(procedure.name, decode(remoteError, frame.body)));
    } catch (error) {
      pending.reject(error);
    }
    this.#pump();
  }

  #deliver(frame: Frame): void {
    const handlers = this.#eventHandlers.get(eventKey(frame.program, frame.procedure));
    for (const handler of handlers ?? []) handler(frame.body);
  }

  #answerKeepalive(frame: Frame): void {
    if (frame.procedure !== KEEPALIVE_PING) return;
    const pong = beginFrame({
      program: Program.KEEPALIVE,
      version: PROTOCOL_VERSION,
      procedure: KEEPALIVE_PONG,
      type: MessageType.MESSAGE,
      serial: 0,
      status: MessageStatus.OK,
    });
    this.#channel.output.write(finishFrame(pong));
  }
}

function eventKey(program: number, procedure: number): string {
  return `${program}:${procedure}`;
}
