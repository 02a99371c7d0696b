import { connect } from '../../../src/client/libvirt/connect.ts';
import { TransportError } from '../../../src/client/transport/error.ts';

/** How connecting went: `connected`, or what a TransportError says. */
export interface Outcome {
  readonly code: string;
  readonly message?: string;
  readonly hint?: string | undefined;
}

// Run as: node connect-as.ts UID URI. Prints the outcome of connecting as that user, as JSON.
const [uid = '', uri = ''] = process.argv.slice(2);
// Parts of a connection are looked for when the first one is made, and this process may soon read no checkout that is
// in root's home. What comes of that attempt is not what is asked for.
await attempt();
process.setgroups?.([]);
process.setgid?.(Number(uid));
process.setuid?.(Number(uid));
console.log(JSON.stringify(await attempt()));

async function attempt(): Promise<Outcome> {
  try {
    const connection = await connect(uri, AbortSignal.timeout(10_000));
    connection.close();
    return { code: 'connected' };
  } catch (error) {
    if (error instanceof TransportError)
      return { code: error.code, message: error.message, hint: error.hint };
    return { code: 'other', message: String(error) };
  }
}
