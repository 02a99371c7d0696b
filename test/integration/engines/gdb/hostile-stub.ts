import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { packet } from '../../../../src/engines/gdb/stub/packet.ts';

/** A packet as it is on the wire, or what a stub that does as it likes sends. */
type Answer = string | undefined;

/** Where what the stub would have gdb take from memory begins. */
export const MEMORY = 0x1000;

/**
 * A gdb stub as somebody would write it who attacks whoever debugs: an i386 that stands still, and beyond that what a
 * test makes of it.
 */
export class HostileStub implements AsyncDisposable {
  /** What gdb asked. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answer: (request: string) => Answer | Promise<Answer>;
  readonly #memory: string;

  private constructor(server: Server, answer: (request: string) => Answer | Promise<Answer>, memory: string) {
    this.#server = server;
    this.#answer = answer;
    this.#memory = memory;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** @param answer what goes out for a request, whole; undefined for what a stub usually says */
  static async open(
    answer: (request: string) => Answer | Promise<Answer>,
    memory = '',
  ): Promise<HostileStub> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileStub(server, answer, memory);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const found = /\$([^#]*)#../s.exec(rest);
        if (found === null) return;
        rest = rest.slice(found.index + found[0].length);
        void this.#take(socket, found[1] ?? '');
      }
    });
  }

  async #take(socket: Socket, request: string): Promise<void> {
    this.asked.push(request);
    const answer = await this.#answer(request);
    socket.write(`+${answer ?? packet(this.#usual(request))}`, 'latin1');
  }

  #usual(request: string): string {
    const read = /^m([0-9a-f]+),([0-9a-f]+)$/.exec(request);
    if (read !== null) {
      const from = Number.parseInt(read[1] ?? '', 16) - MEMORY;
      const bytes = Buffer.from(this.#memory.padEnd(4096, '\0'), 'latin1');
      const length = Number.parseInt(read[2] ?? '', 16);
      return from < 0 || from + length > bytes.length
        ? 'E01'
        : bytes.subarray(from, from + length).toString('hex');
    }
    if (request.startsWith('qSupported')) return 'PacketSize=1000';
    if (request === '?') return 'S05';
    if (request === 'g') return '0'.repeat(16 * 8);
    if (/^[HZzMX]/.test(request)) return 'OK';
    if (request === 'qfThreadInfo') return 'm1';
    if (request === 'qsThreadInfo') return 'l';
    if (request === 'qC') return 'QC1';
    if (request === 'qAttached') return '1';
    if (request === 'D') return 'OK';
    return '';
  }
}
