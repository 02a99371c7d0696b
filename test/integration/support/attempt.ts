import assert from 'node:assert/strict';
import { connect, type Connection, type ConnectOptions } from '../../../src/client/libvirt/connect.ts';
import type { TransportErrorCode } from '../../../src/client/transport/error.ts';

/** What a failed attempt has to look like: a person reads the message and does what the hint says. */
export interface Failure {
  readonly code: TransportErrorCode;
  readonly message: RegExp;
  readonly hint?: RegExp;
}

const SOON_MS = 5_000;

function soon(): AbortSignal {
  return AbortSignal.timeout(SOON_MS);
}

/** Connects, and closes the connection once the work is done. */
export async function using(
  uri: string,
  work: (connection: Connection) => Promise<unknown>,
  options: ConnectOptions = {},
): Promise<void> {
  const connection = await connect(uri, soon(), options);
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

/** Nothing hangs: had the attempt to be cut off, that would be another error than the one that is expected. */
export async function refuses(uri: string, failure: Failure, options: ConnectOptions = {}): Promise<void> {
  await assert.rejects(connect(uri, soon(), options), { name: 'TransportError', ...failure });
}
