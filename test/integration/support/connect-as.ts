import { connect } from '../../../src/libvirt/connect.ts';
import { TransportError } from '../../../src/transport/error.ts';
// Loaded with the first connection otherwise, when this process may no longer read a checkout in root's home.
import '../../../src/transport/tls.ts';
import '../../../src/transport/unix.ts';

/** How connecting went: `connected`, or what a TransportError says. */
export interface Outcome {
  readonly code: string;
  readonly message?: string;
  readonly hint?: string | undefined;
}

function print(outcome: Outcome): void {
  console.log(JSON.stringify(outcome));
}

// Run as: node connect-as.ts UID URI. Prints the outcome of connecting as that user, as JSON.
const [uid = '', uri = ''] = process.argv.slice(2);
process.setgroups?.([]);
process.setgid?.(Number(uid));
process.setuid?.(Number(uid));
try {
  const connection = await connect(uri, AbortSignal.timeout(10_000));
  connection.close();
  print({ code: 'connected' });
} catch (error) {
  if (error instanceof TransportError) print({ code: error.code, message: error.message, hint: error.hint });
  else print({ code: 'other', message: String(error) });
}
