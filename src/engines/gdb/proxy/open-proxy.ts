import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StubAddress } from '../sessions/session.ts';
import { type LinkOptions, ProxyLink } from './link.ts';

export interface ProxyOptions extends LinkOptions {
  /** Called with a sentence for the person: what a stub tried that none of QEMU's does. */
  readonly onWarning: (sentence: string) => void;
}

interface Proxy<Address> {
  readonly address: Address;
  /** The guest stands still for whoever debugs it: see {@link ProxyLink.settle}. */
  readonly settle: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Stands between gdb and a guest's stub. No debugger gets to a stub in any other way: whose host it is may not be a
 * friend, and gdb obeys stubs.
 */
export async function openProxy(
  stub: StubAddress,
  options: ProxyOptions,
): Promise<Proxy<{ readonly path: string }>> {
  const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'kvm-'));
  const path = join(folder, 'gdb');
  const { server, settle, close } = serve(stub, options);
  await listening(server.listen(path));
  const address = { path };
  return { address, settle, close: () => close().then(() => rm(folder, { recursive: true, force: true })) };
}

/** The same at a port of this machine's loopback, for debuggers that know no sockets with a path. */
export async function openPortProxy(
  stub: StubAddress,
  options: ProxyOptions,
): Promise<Proxy<{ readonly port: number }>> {
  const { server, settle, close } = serve(stub, options);
  await listening(server.listen(0, '127.0.0.1'));
  return { address: { port: (server.address() as AddressInfo).port }, settle, close };
}

async function listening(server: Server): Promise<void> {
  await once(server, 'listening');
}

function serve(
  stub: StubAddress,
  options: ProxyOptions,
): { readonly server: Server; readonly settle: () => void; readonly close: () => Promise<void> } {
  const sockets = new Set<Socket>();
  const links = new Set<ProxyLink>();
  const server = createServer((gdb) => {
    const far = connect('path' in stub ? { path: stub.path } : { port: stub.port, host: '127.0.0.1' });
    for (const socket of [gdb, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
      // The other side's end says enough.
      socket.on('error', () => socket.destroy());
    }
    gdb.once('close', () => far.destroy());
    far.once('close', () => gdb.destroySoon());
    const link = carry(gdb, far, options);
    links.add(link);
    gdb.once('close', () => links.delete(link));
  });
  const settle = () => {
    for (const link of links) link.settle();
  };
  const close = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await Promise.resolve();
  };
  return { server, settle, close };
}

function carry(gdb: Socket, stub: Socket, options: ProxyOptions): ProxyLink {
  const link = new ProxyLink(options, {
    toGdb: (bytes) => gdb.write(bytes, 'latin1'),
    toStub: (bytes) => stub.write(bytes, 'latin1'),
    warn: options.onWarning,
    hangUp: (sentence) => {
      options.onWarning(sentence);
      gdb.destroy();
      stub.destroy();
    },
  });
  for (const [from, to, splitter] of [
    [gdb, stub, link.fromGdb],
    [stub, gdb, link.fromStub],
  ] as const)
    from.on('data', (chunk: Buffer) => {
      splitter.push(chunk.toString('latin1'));
      // Whoever reads nothing gets nothing more, nor does it fill the memory.
      const full = [to, from].find((socket) => socket.writableNeedDrain);
      if (full === undefined) return;
      from.pause();
      full.once('drain', () => from.resume());
    });
  return link;
}
