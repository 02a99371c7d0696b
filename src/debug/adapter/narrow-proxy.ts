import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packet, PacketSplitter } from '../packet.ts';
import { narrowDescription, type RegisterLayout } from './narrow-registers.ts';

/**
 * Stands between gdb and the stub of an `x86_64` machine that runs a 32-bit program. QEMU always tells such a
 * machine's registers in their 64-bit shape; gdb, with a 32-bit program, refuses them (“Remote 'g' packet reply is
 * too long”) or misreads the stack. Here the stub's own description of its registers is cut down to the 32-bit
 * ones, and their values with it. Everything else passes as it is.
 */
export async function openNarrowProxy(
  stub: { readonly port: number } | { readonly path: string },
): Promise<{ readonly path: string; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'kvm-'));
  const path = join(folder, 'gdb');
  const sockets = new Set<Socket>();
  const server = createServer((gdb) => {
    const qemu = connect('path' in stub ? { path: stub.path } : { port: stub.port, host: '127.0.0.1' });
    qemu.setNoDelay(true);
    for (const socket of [gdb, qemu]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The other side's end says enough.
      socket.on('error', () => socket.destroy());
    }
    gdb.once('close', () => qemu.destroy());
    qemu.once('close', () => gdb.destroySoon());
    carry(gdb, qemu);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const close = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await rm(folder, { recursive: true, force: true });
  };
  return { path, close };
}

function carry(gdb: Socket, qemu: Socket): void {
  const link = new NarrowLink(
    (bytes) => gdb.write(bytes, 'latin1'),
    (bytes) => qemu.write(bytes, 'latin1'),
  );
  gdb.on('data', (chunk: Buffer) => link.fromGdb.push(chunk.toString('latin1')));
  qemu.on('data', (chunk: Buffer) => link.fromQemu.push(chunk.toString('latin1')));
}

type Write = (bytes: string) => void;

/** One connection of gdb's. It has at most one request under way, so that a reply is known by the last request. */
class NarrowLink {
  readonly fromGdb: PacketSplitter;
  readonly fromQemu: PacketSplitter;
  readonly #toGdb: Write;
  readonly #toQemu: Write;
  #layout: RegisterLayout | undefined;
  /** What becomes of the reply to the request that is under way; undefined passes it on. */
  #onReply: ((data: string) => void) | undefined;
  /** QEMU's confirmations of requests that gdb did not send. */
  #ownRequests = 0;

  constructor(toGdb: Write, toQemu: Write) {
    this.#toGdb = toGdb;
    this.#toQemu = toQemu;
    this.fromGdb = new PacketSplitter((data) => this.#request(data), toQemu);
    this.fromQemu = new PacketSplitter(
      (data) => this.#reply(data),
      (byte) => {
        if (byte === '+' && this.#ownRequests > 0) this.#ownRequests--;
        else toGdb(byte);
      },
    );
  }

  #request(data: string): void {
    const layout = this.#layout;
    const description = /^qXfer:features:read:target\.xml:([0-9a-f]+),([0-9a-f]+)$/.exec(data);
    if (description !== null) {
      this.#toGdb('+');
      this.#describe(Number.parseInt(description[1] ?? '', 16), Number.parseInt(description[2] ?? '', 16));
    } else if (data === 'g' && layout !== undefined) {
      this.#onReply = (reply) => this.#toGdb(packet(layout.narrow(reply)));
      this.#toQemu(packet(data));
    } else this.#toQemu(packet(layout === undefined ? data : layout.widenWrite(data)));
  }

  #reply(data: string): void {
    const handle = this.#onReply;
    this.#onReply = undefined;
    if (handle === undefined) this.#toGdb(packet(data));
    else handle(data);
  }

  /** gdb reads the description in pieces; it is made when the first is asked for. */
  #describe(offset: number, length: number): void {
    const answer = ({ description }: RegisterLayout) => {
      const last = offset + length >= description.length;
      this.#toGdb(packet(`${last ? 'l' : 'm'}${description.slice(offset, offset + length)}`));
    };
    if (this.#layout !== undefined) answer(this.#layout);
    else
      this.#readFile('target.xml', (target) => {
        const names = [...target.matchAll(/<xi:include href="([^"]+)"/g)].map((match) => match[1] ?? '');
        this.#readFiles(names, target, (text) => {
          this.#layout = narrowDescription(text);
          answer(this.#layout);
        });
      });
  }

  #readFiles(names: readonly string[], before: string, then: (text: string) => void): void {
    const [name, ...rest] = names;
    if (name === undefined) then(before);
    else this.#readFile(name, (text) => this.#readFiles(rest, before + text, then));
  }

  #readFile(name: string, then: (text: string) => void, before = ''): void {
    this.#ownRequests++;
    this.#onReply = (reply) => {
      this.#toQemu('+');
      const text = before + reply.slice(1);
      if (reply.startsWith('m')) this.#readFile(name, then, text);
      else then(text);
    };
    this.#toQemu(packet(`qXfer:features:read:${name}:${before.length.toString(16)},800`));
  }
}
