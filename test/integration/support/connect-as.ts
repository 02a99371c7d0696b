import { connect } from '../../../src/libvirt/connect.ts';
import { TransportError } from '../../../src/transport/error.ts';

// Run as: node connect-as.ts UID URI. Prints how connecting as that user went, as JSON.
const [uid = '', uri = ''] = process.argv.slice(2);
process.setgroups?.([]);
process.setgid?.(Number(uid));
process.setuid?.(Number(uid));
try {
  const connection = await connect(uri, AbortSignal.timeout(10_000));
  connection.close();
  console.log(JSON.stringify({ code: 'connected' }));
} catch (error) {
  const { code, message, hint } =
    error instanceof TransportError ? error : { code: 'other', message: String(error), hint: '' };
  console.log(JSON.stringify({ code, message, hint }));
}
