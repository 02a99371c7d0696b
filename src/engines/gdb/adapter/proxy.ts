import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packet, PacketSplitter } from '../stub/packet.ts';
import { narrowDescription, type RegisterLayout } from './narrow-registers.ts';

export interface ProxyOptions {
  /**
   * For a 32-bit program in an `x86_64` machine. QEMU always tells such a machine's registers in their 64-bit
   * shape; gdb, with a 32-bit program, refuses them (“Remote 'g' packet reply is too long”) or misreads the stack.
   * The stub's own description of its registers is cut down to the 32-bit ones, and their values with it.
   */
  readonly narrow: boolean;
  /**
   * For a guest that goes backwards. QEMU 7.2 hangs for good when it is told to go back before its vCPU has
   * come to rest after a stop, so it is given a moment.
   */
  readonly paced: boolean;
}

/** How long after a stop QEMU is told to go backwards at the earliest. */
const REST_MS = 150;

/** Stands between gdb and the stub where what one says has to be changed for the other. */
export async function openProxy(
  stub: { readonly port: number } | { readonly path: string },
  options: ProxyOptions,
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
    carry(gdb, qemu, options);
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

function carry(gdb: Socket, qemu: Socket, options: ProxyOptions): void {
  const link = new ProxyLink(
    options,
    (bytes) => gdb.write(bytes, 'latin1'),
    (bytes) => qemu.write(bytes, 'latin1'),
  );
  gdb.on('data', (chunk: Buffer) => link.fromGdb.push(chunk.toString('latin1')));
  qemu.on('data', (chunk: Buffer) => link.fromQemu.push(chunk.toString('latin1')));
}

type Write = (bytes: string) => void;

/** One connection of gdb's. It has at most one request under way, so that a reply is known by the last request. */
class ProxyLink {
  readonly fromGdb: PacketSplitter;
  readonly fromQemu: PacketSplitter;
  readonly #toGdb: Write;
  readonly #toQemu: Write;
  readonly #options: ProxyOptions;
  #lastReply = 0;
  #layout: RegisterLayout | undefined;
  /** What becomes of the reply to the request that is under way; undefined passes it on. */
  #onReply: ((data: string) => void) | undefined;
  /** QEMU's confirmations of requests that gdb did not send. */
  #ownRequests = 0;

  constructor(options: ProxyOptions, toGdb: Write, toQemu: Write) {
    this.#options = options;
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
    if (this.#options.paced && (data === 'bs' || data === 'bc')) {
      const rest = Math.max(0, REST_MS - (performance.now() - this.#lastReply));
      setTimeout(() => this.#toQemu(packet(data)), rest);
    } else if (description !== null && this.#options.narrow) {
      this.#toGdb('+');
      this.#describe(Number.parseInt(description[1] ?? '', 16), Number.parseInt(description[2] ?? '', 16));
    } else if (data === 'g' && layout !== undefined) {
      this.#onReply = (reply) => this.#toGdb(packet(layout.narrow(reply)));
      this.#toQemu(packet(data));
    } else this.#toQemu(packet(layout === undefined ? data : layout.widenWrite(data)));
  }

  #reply(data: string): void {
    this.#lastReply = performance.now();
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
