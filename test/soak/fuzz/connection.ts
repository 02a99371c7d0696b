import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hyper, struct, uint } from '../../../src/client/rpc/codec.ts';
import { RpcConnection } from '../../../src/client/rpc/connection.ts';
import { ConnectionClosedError, ProtocolError, RemoteError } from '../../../src/client/rpc/error.ts';
import { type Frame, FrameParser, MessageStatus, MessageType } from '../../../src/client/rpc/frame.ts';
import { type Procedure, Program } from '../../../src/client/rpc/procedure.ts';
import type { RpcStream } from '../../../src/client/rpc/stream.ts';
import { remoteError } from '../../../src/client/rpc/types.ts';
import { frameOf } from './decoder.ts';
import { chop, mutateFrame } from './mutate.ts';
import type { Random } from './random.ts';
import { sampleOf } from './sample.ts';
import type { Tables } from './tables.ts';

/** Far more than anything here takes: whatever is not settled by then never will be. */
const HANG_MS = 5000;
const hole = struct({ length: hyper, flags: uint });

/** A daemon in memory that is sent calls and answers with anything but sense. */
class Session {
  readonly calls: Frame[] = [];
  readonly rpc: RpcConnection;
  readonly #random: Random;
  readonly #tables: Tables;
  readonly #toClient = new PassThrough();
  readonly #fromClient = new PassThrough();
  readonly #closed = Promise.withResolvers<Error | undefined>();
  readonly #waiting: Promise<unknown>[] = [];
  readonly #streams: RpcStream[] = [];

  constructor(tables: Tables, random: Random) {
    this.#tables = tables;
    this.#random = random;
    const parser = new FrameParser();
    this.#fromClient.on('data', (chunk: Buffer) => parser.push(chunk, (frame) => this.#take(frame)));
    this.rpc = new RpcConnection({
      input: this.#toClient,
      output: this.#fromClient,
      closed: this.#closed.promise,
      close: () => this.#closed.resolve(undefined),
    });
  }

  #take(frame: Frame): void {
    if (frame.type === MessageType.CALL) this.calls.push(frame);
  }

  /** Calls, some of which are taken back, time out, or open streams that are used in all ways there are. */
  async makeCalls(count: number): Promise<void> {
    for (let made = 0; made < count; made++) {
      const procedure = this.#random.pick(this.#tables.procedures);
      const { value } = sampleOf(procedure.args, this.#random);
      if (this.#random.chance(0.4)) this.#openStream(procedure, value);
      else this.#call(procedure, value);
    }
    await nextTurn();
  }

  listen(count: number): void {
    for (let made = 0; made < count; made++) {
      const stop = this.rpc.onEvent(this.#random.pick(this.#tables.events), () => {
        if (this.#random.chance(0.1)) stop();
      });
    }
  }

  #call(procedure: Procedure<unknown, unknown>, value: unknown): void {
    const random = this.#random;
    const abort = new AbortController();
    const timeoutMs = random.chance(0.1) ? HANG_MS * 2 : undefined;
    this.#expectSettled(this.rpc.call(procedure, value, { signal: abort.signal, timeoutMs }));
    if (random.chance(0.2)) setImmediate(() => abort.abort());
  }

  #openStream(procedure: Procedure<unknown, unknown>, value: unknown): void {
    const abort = new AbortController();
    const options = { signal: abort.signal, holes: this.#random.chance(0.5) };
    const opened = this.rpc.openStream(procedure, value, options).then(({ stream }) => {
      this.#streams.push(stream);
      stream.on('error', expected);
      this.#use(stream);
    });
    this.#expectSettled(opened);
    if (this.#random.chance(0.2)) setImmediate(() => abort.abort());
  }

  #use(stream: RpcStream): void {
    const random = this.#random;
    if (random.chance(0.6)) stream.resume();
    if (stream.writable && random.chance(0.4)) stream.write(random.bytes(random.below(100)));
    if (random.chance(0.3)) stream.end();
    if (random.chance(0.1)) stream.destroy();
  }

  #expectSettled(promise: Promise<unknown>): void {
    this.#waiting.push(promise.catch(expected));
  }

  /** Sends one frame in pieces, or several that arrive as one. */
  send(frames: readonly Buffer[]): void {
    const bytes = Buffer.concat(frames);
    const pieces = this.#random.chance(0.5) ? [bytes] : chop(bytes, this.#random);
    for (const piece of pieces) if (piece.length > 0) this.#toClient.write(piece);
  }

  /** Ends it from either side and sees that nothing is left that waits. */
  async end(): Promise<void> {
    if (this.#random.chance(0.5)) this.rpc.close();
    else this.#closed.resolve(this.#random.chance(0.5) ? new Error('The cable was pulled') : undefined);
    const reason = await this.rpc.closed;
    assert.ok(
      reason === undefined || reason instanceof ProtocolError || reason.message === 'The cable was pulled',
      String(reason),
    );
    await settledWithin(HANG_MS, Promise.all(this.#waiting));
    await nextTurn();
    for (const stream of this.#streams) assert.ok(stream.destroyed || stream.readable, 'a stream is left');
    await assert.rejects(this.rpc.call(this.#random.pick(this.#tables.procedures), undefined), {
      name: 'ConnectionClosedError',
    });
  }
}

function expected(error: unknown): void {
  const known =
    error instanceof ProtocolError ||
    error instanceof RemoteError ||
    error instanceof ConnectionClosedError ||
    (error instanceof DOMException && error.name === 'AbortError');
  if (!known) throw error;
}

async function settledWithin(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('Something still waits after the end')), ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a daemon in its right mind could send, of every kind, for a call that was made or not. */
function message(session: Session, tables: Tables, random: Random): Buffer {
  const call = session.calls.length > 0 ? random.pick(session.calls) : undefined;
  const serial = call?.serial ?? random.below(10);
  const procedure = tables.procedures.find(
    ({ number, program }) => number === call?.procedure && program === call.program,
  );
  const { program, number, result } = procedure ?? random.pick(tables.procedures);
  const header = { program, procedure: number, serial };
  const stream = { ...header, type: MessageType.STREAM };
  switch (random.below(9)) {
    case 0:
      return eventMessage(tables, random);
    case 1:
      return keepaliveMessage(random);
    case 2:
      return frameOf({ ...stream, status: MessageStatus.CONTINUE }, random.bytes(random.below(2000)));
    case 3:
      return frameOf({ ...stream, status: random.pick([MessageStatus.OK, MessageStatus.CONTINUE]) }, noBytes);
    case 4: {
      const type = random.pick([MessageType.REPLY, MessageType.STREAM]);
      return frameOf({ ...header, type, status: MessageStatus.ERROR }, sampleOf(remoteError, random).bytes);
    }
    case 5:
      return frameOf({ ...header, type: MessageType.STREAM_HOLE, status: 2 }, sampleOf(hole, random).bytes);
    default:
      return frameOf({ ...header, type: MessageType.REPLY }, sampleOf(result, random).bytes);
  }
}

const noBytes = Buffer.alloc(0);

function eventMessage({ events }: Tables, random: Random): Buffer {
  const { program, number, body } = random.pick(events);
  const header = { program, procedure: number, type: MessageType.MESSAGE, serial: 0 };
  return frameOf(header, sampleOf(body, random).bytes);
}

/** Pings, pongs nobody asked for, and what keepalive does not know. */
function keepaliveMessage(random: Random): Buffer {
  const header = {
    program: Program.KEEPALIVE,
    procedure: random.chance(0.8) ? random.below(3) : random.uint() | 0,
    type: random.chance(0.8) ? MessageType.MESSAGE : random.below(8),
    serial: random.chance(0.8) ? 0 : random.uint(),
    status: random.below(3),
  };
  return frameOf(header, random.chance(0.2) ? random.bytes(random.below(50)) : noBytes);
}

/** One connection from its start to its end, with the frames of `frames` inputs. */
export async function fuzzConnection(tables: Tables, random: Random, frames: number): Promise<number> {
  const session = new Session(tables, random);
  session.listen(random.below(6));
  await session.makeCalls(random.below(8));
  const damage = random.pick([0, 0, 0.02, 0.3]);
  let sent = 0;
  while (sent < frames) {
    const together = Array.from({ length: random.below(4) + 1 }, () => {
      const frame = message(session, tables, random);
      return random.chance(damage) ? mutateFrame(frame, random) : frame;
    });
    session.send(together);
    sent += together.length;
    if (random.chance(0.3)) await session.makeCalls(random.below(3));
  }
  await session.end();
  return sent;
}
