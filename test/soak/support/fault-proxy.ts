import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One client's way to the daemon. */
export interface Link {
  readonly client: Socket;
  readonly daemon: Socket;
  /** Both ends are gone at once, as when a cable is cut. */
  cut(): void;
}

/** What becomes of bytes on their way; made anew for each link. */
export type Relay = (bytes: Buffer, to: Socket, link: Link) => void;

export interface Fault {
  /** For what the daemon sends. */
  readonly toClient?: () => Relay;
  readonly toDaemon?: () => Relay;
}

const pass: Relay = (bytes, to) => {
  to.write(bytes);
};

/** A socket between clients and a daemon that does to them what networks do. */
export class FaultProxy implements AsyncDisposable {
  /** For links from now on. */
  fault: Fault = {};
  readonly links = new Set<Link>();
  readonly socket: string;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, target: string) {
    this.#folder = folder;
    this.socket = join(folder, 'sock');
    this.#server = createServer((client) => this.#accept(client, target));
  }

  static async start(target: string): Promise<FaultProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-proxy-'));
    const proxy = new FaultProxy(folder, target);
    proxy.#server.listen(proxy.socket);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The URI of a daemon, but through here. */
  through(uri: string): string {
    return uri.replace(/socket=[^&]*/, `socket=${this.socket}`);
  }

  cutAll(): void {
    for (const link of this.links) link.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    this.#server.close();
    await once(this.#server, 'close');
    await rm(this.#folder, { recursive: true });
  }

  #accept(client: Socket, target: string): void {
    const daemon = connect(target);
    const link: Link = {
      client,
      daemon,
      cut: () => {
        client.destroy();
        daemon.destroy();
        this.links.delete(link);
      },
    };
    this.links.add(link);
    const { toClient = () => pass, toDaemon = () => pass } = this.fault;
    relay(daemon, client, toClient(), link);
    relay(client, daemon, toDaemon(), link);
  }
}

function relay(from: Socket, to: Socket, how: Relay, link: Link): void {
  from.on('data', (bytes) => {
    how(bytes, to, link);
    if (to.writableNeedDrain) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('error', () => link.cut());
  from.on('close', () => link.cut());
}

/** Lets so many bytes through, then cuts the link. */
export function cutAfter(bytes: number): () => Relay {
  return () => {
    let left = bytes;
    return (chunk, to, link) => {
      if (chunk.length <= left) {
        to.write(chunk);
        left -= chunk.length;
      } else {
        to.write(chunk.subarray(0, left), () => link.cut());
        left = 0;
      }
    };
  };
}

/** Lets so many bytes through and nothing after them, for ever. */
export function stallAfter(bytes: number): () => Relay {
  return () => {
    let left = bytes;
    return (chunk, to) => {
      if (left > 0) to.write(chunk.subarray(0, left));
      left = Math.max(0, left - chunk.length);
    };
  };
}
