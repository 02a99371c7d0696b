import type { Readable, Writable } from 'node:stream';

/**
 * The two byte streams under a connection, with whatever carries them (a socket, an ssh process). They stay
 * two streams on purpose: gluing a child's stdout and stdin into one Duplex fails at teardown.
 */
export interface Channel {
  readonly input: Readable;
  readonly output: Writable;
  /** Settles once, when the carrier is gone: with the reason, unless it was asked to close. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /** What a person should know about this way to the daemon, such as that nobody checked who it is. */
  readonly warnings?: readonly string[];
  /** For carriers that can do without the stream in between: from now on bytes go to `sink`, not to `input`. */
  readonly divert?: (sink: ByteSink) => Flow;
  close(): void;
}

/** Has memory of its own for what comes in, so that nothing is copied. */
export interface ByteSink {
  /** Where the next bytes go; never empty, and asked for again before each of them. */
  room(): Buffer;
  /** So many bytes are where {@link room} was. */
  received(bytes: number): void;
  /** Bytes that came into other memory, which is the sink's now. */
  push(chunk: Buffer): void;
}

/** Holds back what comes in, and lets it come again. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** The input of any channel, in the best way that its carrier has. */
export function receive({ input, divert }: Channel, sink: ByteSink): Flow {
  if (divert !== undefined) return divert(sink);
  input.on('data', (chunk: Buffer) => sink.push(chunk));
  return input;
}
