import { PassThrough } from 'node:stream';
import type { Channel } from '../../../../src/client/rpc/channel.ts';
import type { Codec } from '../../../../src/client/rpc/codec.ts';
import {
  beginFrame,
  finishFrame,
  type Frame,
  type FrameHeader,
  FrameParser,
  MessageStatus,
  MessageType,
} from '../../../../src/client/rpc/frame.ts';
import { type EventMessage, type Procedure, Program } from '../../../../src/client/rpc/procedure.ts';
import { remoteError } from '../../../../src/client/rpc/types.ts';

interface Refusal {
  readonly code: number;
  readonly domain?: number;
  readonly message?: string;
}

/** The far end of an in-memory channel: it sees the calls as they arrive and answers when it is told to. */
export class FakeDaemon {
  readonly channel: Channel;
  /** Every frame the client sent so far. */
  readonly received: Frame[] = [];
  /** Whether the client closed the channel. */
  wasClosed = false;
  readonly #toClient = new PassThrough();
  readonly #fromClient = new PassThrough();
  readonly #end: (reason: Error | undefined) => void;
  /** Called with each frame that the client sends, for a daemon that answers by itself. */
  onFrame: ((frame: Frame) => void) | undefined;
  #wanted: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor() {
    let end: ((reason: Error | undefined) => void) | undefined;
    const closed = new Promise<Error | undefined>((resolve) => (end = resolve));
    this.#end = (reason) => end?.(reason);
    const parser = new FrameParser();
    this.#fromClient.on('data', (chunk: Buffer) => parser.push(chunk, (frame) => this.#take(frame)));
    this.channel = {
      input: this.#toClient,
      output: this.#fromClient,
      closed,
      close: () => {
        this.wasClosed = true;
        this.#end(undefined);
      },
    };
  }

  /** Settles once the client has sent so many frames in all, and returns the last of them. */
  async nth(count: number): Promise<Frame> {
    if (this.received.length < count)
      await new Promise<void>((resolve) => (this.#wanted = { count, resolve }));
    const frame = this.received[count - 1];
    if (frame === undefined) throw new Error(`There is no frame ${count}`);
    return frame;
  }

  reply<R>(call: FrameHeader, procedure: Procedure<unknown, R>, result: R): void {
    this.send({ ...call, type: MessageType.REPLY }, procedure.result, result);
  }

  refuse(call: FrameHeader, { code, domain = 0, message }: Refusal): void {
    const none = { dom: undefined, str1: undefined, str2: undefined, str3: undefined, net: undefined };
    const fields = { ...none, code, domain, message, level: 2, int1: 0, int2: 0 };
    const header = { ...call, type: MessageType.REPLY, status: MessageStatus.ERROR };
    this.send(header, remoteError, fields);
  }

  event<T>(message: EventMessage<T>, body: T): void {
    const { program, number } = message;
    const header = {
      program,
      version: 1,
      procedure: number,
      type: MessageType.MESSAGE,
      serial: 0,
      status: 0,
    };
    this.send(header, message.body, body);
  }

  ping(): void {
    this.raw(
      finishFrame(
        beginFrame({
          program: Program.KEEPALIVE,
          version: 1,
          procedure: 1,
          type: MessageType.MESSAGE,
          serial: 0,
          status: MessageStatus.OK,
        }),
      ),
    );
  }

  send<T>(header: FrameHeader, codec: Codec<T>, value: T): void {
    this.raw(encodeFrame(header, codec, value));
  }

  raw(bytes: Buffer): void {
    this.#toClient.write(bytes);
  }

  /** What the client sends stays where it is from now on. */
  stopReading(): void {
    this.#fromClient.pause();
  }

  /** The carrier breaks, for this reason. */
  breakOff(reason: Error): void {
    this.#end(reason);
  }

  #take(frame: Frame): void {
    this.received.push({ ...frame, body: Buffer.from(frame.body) });
    this.onFrame?.(frame);
    if (this.#wanted !== undefined && this.received.length >= this.#wanted.count) this.#wanted.resolve();
  }
}

export function encodeFrame<T>(header: FrameHeader, codec: Codec<T>, value: T): Buffer {
  const writer = beginFrame(header);
  codec.write(writer, value);
  return finishFrame(writer);
}
