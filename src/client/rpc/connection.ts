import { t } from '@vscode/l10n';
import { Calls } from './calls.ts';
import { type Channel, type Flow, receive } from './channel.ts';
import { decode, decodeInTurns, hyper, struct, uint } from './codec.ts';
import { abortReason, ConnectionClosedError, ProtocolError, RemoteError } from './error.ts';
import { type Frame, FrameBatch, FrameParser, MessageStatus, MessageType } from './frame.ts';
import { Keepalive } from './keepalive.ts';
import { Lookout } from './lookout.ts';
import { type CallOptions, PendingCall } from './pending-call.ts';
import { type EventMessage, type Procedure, Program, PROTOCOL_VERSION } from './procedure.ts';
import { RpcStream, type StreamPort } from './stream.ts';
import { remoteError } from './types.ts';
import type { XdrWriter } from './xdr.ts';

/** Decoding a reply of more bytes than this would take some milliseconds. */
const LARGE_BYTES = 128 * 1024;

const streamHole = struct({ length: hyper, flags: uint });

/** How many times as long as for an answer to wait until a daemon has on its disk what a stream brought. */
const VERDICT = 120;

export type { CallOptions };

/** How long to wait for a daemon before it counts as stuck. */
export interface Patience {
  /**
   * How long to wait for an answer that costs the daemon no work, such as while a connection is opened. Calls that
   * make it work get a multiple of that where their caller says nothing else.
   */
  readonly answerMs: number;
  /** Silence of this length is answered with a ping; after three pings without any sign of life the link is lost. */
  readonly keepaliveMs: number;
}

const PATIENCE: Patience = { answerMs: 30_000, keepaliveMs: 10_000 };

type EventHandler = (body: Buffer) => void;

/**
 * One link to a daemon: calls go out in order, the quick ones first, a few at a time, replies
 * come back in any order, events reach their handlers and streams their bytes. When the link ends everything that
 * waits is rejected.
 */
export class RpcConnection {
  /** Settles when the link has ended, with the reason unless {@link close} asked for it. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  readonly patience: Patience;
  readonly #channel: Channel;
  readonly #flow: Flow;
  readonly #parser = new FrameParser();
  readonly #onFrame = (frame: Frame) => this.#dispatch(frame);
  readonly #batch = new FrameBatch();
  /** Whether somebody will send the batch soon. */
  #sending = false;
  readonly #keepalive: Keepalive;
  readonly #calls: Calls;
  readonly #lookout = new Lookout(() => this.#calls.inFlight > 0);
  readonly #streams = new Map<number, RpcStream>();
  readonly #fullStreams = new Set<number>();
  /** The daemon sends the next piece of a volume only when the one before is on its way: it waits for us. */
  readonly #streamLookout = new Lookout(() => this.#streams.size > 0 && this.#fullStreams.size === 0);
  /** What is to be said about streams as soon as they are open. */
  readonly #onceOpen = new Map<number, () => void>();
  readonly #eventHandlers = new Map<string, Set<EventHandler>>();
  #nextSerial = 1;
  #end: { readonly error: ConnectionClosedError } | undefined;
  #failure: Error | undefined;

  constructor(channel: Channel, patience: Patience = PATIENCE) {
    this.#channel = channel;
    this.patience = patience;
    const link = {
      send: (frame: Buffer) => {
        // A daemon that does not read would only have them pile up here; what already waits is sign enough.
        if (!channel.output.writableNeedDrain) channel.output.write(frame);
      },
      isRead: () => this.#fullStreams.size === 0,
      dead: () => this.#fail(new ConnectionClosedError(t('The daemon has not answered for too long'))),
    };
    this.#keepalive = new Keepalive(link, patience.keepaliveMs);
    this.#calls = new Calls(patience.answerMs, () =>
      this.#fail(new ConnectionClosedError(t('The daemon answers no calls'))),
    );
    this.#flow = receive(channel, {
      room: () => this.#parser.room(),
      received: (bytes) => this.#receive(() => this.#parser.received(bytes, this.#onFrame)),
      push: (chunk) => this.#receive(() => this.#parser.push(chunk, this.#onFrame)),
    });
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
  call<A, R>(procedure: Procedure<A, R>, args: A, options?: CallOptions): Promise<R> {
    return this.#enqueue(procedure, args, options) as Promise<R>;
  }

  /**
   * Makes a call that opens a stream. The stream is there before the call is sent, since data may come with
   * the answer.
   */
  async openStream<A, R>(
    procedure: Procedure<A, R>,
    args: A,
    options: CallOptions & { readonly holes?: boolean } = {},
  ): Promise<{ readonly result: R; readonly stream: RpcStream }> {
    let stream: RpcStream | undefined;
    const open = (serial: number) => {
      stream = new RpcStream(this.#streamPort(procedure, serial), options.holes);
      // It may fail in the same moment as it is answered, before anybody could listen; who uses it later is told.
      stream.on('error', () => undefined);
      return stream;
    };
    try {
      const result = (await this.#enqueue(procedure, args, options, open)) as R;
      if (stream === undefined)
        throw new ProtocolError(t('{0} was answered before it was sent', procedure.name));
      return { result, stream };
    } catch (error) {
      stream?.destroy();
      throw error;
    }
  }

  /** Calls `listener` for each such message, with its length, until the returned function is called. */
  onEvent<T>(event: EventMessage<T>, listener: (value: T, bytes: number) => void): () => void {
    const key = eventKey(event.program, event.number);
    const handlers = this.#eventHandlers.get(key) ?? new Set();
    this.#eventHandlers.set(key, handlers);
    const handler: EventHandler = (body) => tell(listener, decode(event.body, body), body.length);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Notices from now on when the daemon falls silent. Only for a daemon that knows keepalive. */
  startKeepalive(): void {
    if (this.#end === undefined) this.#keepalive.start();
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
        : new ConnectionClosedError(t('The connection was lost: {0}', reason.message), { cause: reason });
    this.#end = { error };
    this.#keepalive.stop();
    const waiting = this.#calls.clear();
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    this.#eventHandlers.clear();
    for (const call of waiting) call.reject(error);
    for (const stream of streams) stream.fail(error);
  }

  #enqueue(
    procedure: Procedure<unknown, unknown>,
    args: unknown,
    options?: CallOptions,
    openStream?: (serial: number) => RpcStream,
  ): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(this.#end.error);
    if (options?.signal?.aborted === true) return Promise.reject(abortReason(options.signal));
    const call = new PendingCall(procedure, args, openStream);
    if (options !== undefined) call.limit(options);
    this.#calls.add(call);
    this.#pump();
    return call.result;
  }

  #pump(): void {
    for (let call = this.#calls.next(); call !== undefined; call = this.#calls.next()) this.#send(call);
  }

  #send(pending: PendingCall): void {
    const serial = this.#takeSerial();
    const { procedure, args, openStream } = pending;
    const writer = this.#begin(procedure, MessageType.CALL, serial, MessageStatus.OK);
    try {
      procedure.args.write(writer, args);
      this.#batch.end();
      if (openStream !== undefined) this.#streams.set(serial, openStream(serial));
    } catch (error) {
      this.#batch.drop();
      pending.reject(error);
      return;
    }
    this.#calls.sent(serial, pending);
    this.#sendSoon();
  }

  #begin(procedure: Procedure<unknown, unknown>, type: number, serial: number, status: number): XdrWriter {
    const { program, number } = procedure;
    return this.#batch.begin({ program, version: PROTOCOL_VERSION, procedure: number, type, serial, status });
  }

  /** What is to be sent in the same moment leaves in one write. */
  #sendSoon(): void {
    if (this.#sending) return;
    this.#sending = true;
    queueMicrotask(this.#sendNow);
  }

  readonly #sendNow = (): void => {
    this.#sending = false;
    const frames = this.#batch.take();
    if (frames === undefined || this.#end !== undefined) return;
    this.#channel.output.write(frames);
    this.#lookout.expect();
  };

  #streamPort(procedure: Procedure<unknown, unknown>, serial: number): StreamPort {
    const { output } = this.#channel;
    return {
      verdictMs: this.patience.answerMs * VERDICT,
      sendData: (data, sent) => {
        this.#begin(procedure, MessageType.STREAM, serial, MessageStatus.CONTINUE);
        this.#batch.end(data.length);
        // Two writes that leave as one: the data itself is not copied.
        output.cork();
        this.#sendNow();
        // What fails here ends the link, which then fails the stream.
        output.write(data, (error) => {
          if (error === null || error === undefined) sent();
        });
        output.uncork();
      },
      sendHole: (length) => {
        const writer = this.#begin(procedure, MessageType.STREAM_HOLE, serial, MessageStatus.CONTINUE);
        streamHole.write(writer, { length, flags: 0 });
        this.#batch.end();
        this.#sendNow();
      },
      sendStatus: (status) => {
        if (!this.#streams.has(serial)) return;
        const send = () => {
          this.#begin(procedure, MessageType.STREAM, serial, status);
          this.#batch.end();
          this.#sendNow();
        };
        // The daemon ignores what is said about a stream that it has not opened yet.
        if (this.#calls.get(serial) !== undefined) this.#onceOpen.set(serial, send);
        else send();
      },
      setFull: (full) => this.#setFull(serial, full),
      release: () => {
        this.#streams.delete(serial);
        this.#setFull(serial, false);
      },
      recycle: (data) => this.#parser.recycle(data),
    };
  }

  #setFull(serial: number, full: boolean): void {
    if (full) this.#fullStreams.add(serial);
    else if (!this.#fullStreams.delete(serial)) return;
    if (this.#fullStreams.size > 0) this.#flow.pause();
    else this.#flow.resume();
  }

  /** Serials are 32 bits and 0 is for events. */
  #takeSerial(): number {
    do {
      this.#nextSerial = this.#nextSerial === 0xffffffff ? 1 : this.#nextSerial + 1;
    } while (this.#calls.get(this.#nextSerial) !== undefined || this.#streams.has(this.#nextSerial));
    return this.#nextSerial;
  }

  #receive(parse: () => void): void {
    if (this.#end !== undefined) return;
    this.#keepalive.heard();
    this.#lookout.heard();
    if (this.#streams.size > 0) this.#expectMore();
    // What the answers in one piece make us send leaves in one piece, too.
    this.#sending = true;
    try {
      parse();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new ProtocolError(String(error)));
    }
    this.#sendNow();
  }

  #expectMore(): void {
    this.#streamLookout.heard();
    this.#streamLookout.expect();
  }

  #dispatch(frame: Frame): void {
    // A listener may have closed the link while the rest of its chunk was still to come.
    if (this.#end !== undefined) return;
    if (frame.program === Program.KEEPALIVE) return this.#keepalive.receive(frame);
    switch (frame.type) {
      case MessageType.REPLY:
        return this.#settle(frame);
      case MessageType.MESSAGE:
        return this.#deliver(frame);
      case MessageType.STREAM:
      case MessageType.STREAM_HOLE:
        return this.#stream(frame);
      default:
        throw new ProtocolError(t('The daemon sent a message of the unexpected type {0}', frame.type));
    }
  }

  #settle(frame: Frame): void {
    const pending = this.#calls.get(frame.serial);
    if (pending === undefined) throw new ProtocolError(t('The daemon answered a call that was not made'));
    const { procedure } = pending;
    if (procedure.program !== frame.program || procedure.number !== frame.procedure)
      throw new ProtocolError(
        t('The daemon answered {0} with the reply of another procedure', procedure.name),
      );
    this.#calls.answered(frame.serial);
    const onceOpen = this.#onceOpen.get(frame.serial);
    this.#onceOpen.delete(frame.serial);
    if (frame.status === MessageStatus.OK) onceOpen?.();
    else this.#streams.delete(frame.serial);
    try {
      if (frame.status === MessageStatus.OK && frame.lasting && frame.body.length > LARGE_BYTES)
        this.#settleInTurns(pending, frame.body);
      else if (frame.status === MessageStatus.OK) pending.resolve(decode(procedure.result, frame.body));
      else pending.reject(new RemoteError(procedure.name, decode(remoteError, frame.body)));
    } catch (error) {
      pending.reject(error);
    }
    this.#pump();
  }

  #settleInTurns(pending: PendingCall, body: Buffer): void {
    decodeInTurns(pending.procedure.result, body).then(
      (value) => pending.resolve(value),
      (error: unknown) => pending.reject(error),
    );
  }

  #deliver(frame: Frame): void {
    const handlers = this.#eventHandlers.get(eventKey(frame.program, frame.procedure));
    for (const handler of handlers ?? []) handler(frame.body);
  }

  #stream(frame: Frame): void {
    const stream = this.#streams.get(frame.serial);
    if (stream === undefined) {
      // A write that failed and an end that is confirmed may cross: what comes second finds nobody.
      if (frame.status !== MessageStatus.CONTINUE) return;
      throw new ProtocolError(t('The daemon sent data for a stream that is not open'));
    }
    const { body } = frame;
    if (frame.status === MessageStatus.ERROR) stream.fail(streamError(frame));
    else if (frame.type === MessageType.STREAM_HOLE) stream.receiveHole(decode(streamHole, body).length);
    else stream.receive(frame.status, frame.lasting ? body : Buffer.from(body));
  }
}

function streamError(frame: Frame): Error {
  return new RemoteError('STREAM', decode(remoteError, frame.body));
}

/** A listener that throws is its owner's failure, not the link's. */
function tell<T>(listener: (value: T, bytes: number) => void, value: T, bytes: number): void {
  try {
    listener(value, bytes);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function eventKey(program: number, procedure: number): string {
  return `${program}:${procedure}`;
}
