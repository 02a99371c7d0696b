import type { Readable, Writable } from 'node:stream';

/**
 * The two byte streams under a connection, with whatever carries them (a socket, an ssh process). They stay
 * two streams on purpose: gluing a child's stdout and stdin into one Duplex fails at teardown.
 */
export interface Channel {
  readonly input: Readable;
  readonly output: Writable;
  /** Settles once, when the carrier is gone: with the reason when it was not asked to go. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /** What a person should know about this way to the daemon, such as that nobody checked who it is. */
  readonly warnings?: readonly string[];
  close(): void;
}
