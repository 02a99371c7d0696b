import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { StubAddress } from '../sessions/session.ts';

/** A port of this machine's loopback that leads to the stub, for debuggers that know no sockets with a path. */
export async function localPort(
  address: StubAddress,
): Promise<{ readonly port: number; readonly close: () => void }> {
  if ('port' in address) return { port: address.port, close: () => undefined };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const far = connect(address.path);
    for (const [one, other] of [
      [socket, far],
      [far, socket],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      // The debugger sees that the other side is gone.
      one.on('error', () => other.destroy());
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}
