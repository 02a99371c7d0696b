import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { Pump } from '../../../src/console/serial/pump.ts';
import { SerialSession } from '../../../src/console/serial/session.ts';
import { DomainTarget } from '../../../src/inventory/domain-target.ts';
import type { Host } from '../../../src/inventory/host.ts';
import { connect } from '../../../src/libvirt/connect.ts';
import { type BenchGuest, NAME, PORT } from './guest.ts';

const SIZE = 4 * 1024 * 1024;
const LINE = 'The quick brown fox jumps over the lazy dog, and nothing of it gets lost.';

export interface Flow {
  readonly ms: number;
  readonly bytes: number;
  readonly hash: string;
}

/** What the guest sends: lines up to a size that is no multiple of theirs. */
export function expectedHash(): string {
  const block = Buffer.from(`${LINE}\n`.repeat(10_000));
  const digest = createHash('sha256');
  for (let rest = SIZE; rest > 0; rest -= block.length) digest.update(block.subarray(0, rest));
  return digest.digest('hex');
}

export const expectedBytes = SIZE;

/** Counts what comes after a first byte that belongs to it, until all of it is there. */
class Sink {
  readonly done: Promise<Flow>;
  readonly #digest = createHash('sha256');
  readonly #finish: (flow: Flow) => void;
  #started = 0;
  #bytes = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Flow>();
    this.done = promise;
    this.#finish = resolve;
  }

  begin(): void {
    this.#started = performance.now();
  }

  take(bytes: Uint8Array): void {
    if (this.#started === 0) return;
    this.#digest.update(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes < SIZE) return;
    const ms = performance.now() - this.#started;
    this.#finish({ ms, bytes: this.#bytes, hash: this.#digest.digest('hex') });
    this.#started = 0;
  }
}

function sendAll(guest: BenchGuest): void {
  guest.send(`yes '${LINE}' | head -c ${SIZE} >/dev/ttyS1`);
}

/** As in a terminal of ours, up to the text that is handed to VS Code. */
export async function ours(guest: BenchGuest, host: Host): Promise<Flow> {
  const sink = new Sink();
  const owner = {
    output: (bytes: Uint8Array) => {
      sink.take(bytes);
      pump.write(bytes);
    },
    notice: () => undefined,
    mayTakeOver: () => Promise.resolve(false),
  };
  const target = new DomainTarget(host, guest.ref.uuid);
  const connector = (uri: string, signal: AbortSignal) => connect(uri, signal);
  const session = new SerialSession({ target, port: PORT, connector }, owner);
  const pump = new Pump(
    () => undefined,
    (full) => session.setFull(full),
  );
  await session.start();
  sink.begin();
  sendAll(guest);
  const flow = await sink.done;
  session.dispose();
  pump.dispose();
  return flow;
}

/** `virsh console`, which insists on a terminal: `script` gives it one. */
export async function virsh(guest: BenchGuest, uri: string): Promise<Flow> {
  const sink = new Sink();
  const command = `virsh -c '${uri}' console ${NAME} serial1`;
  const child = execa('script', ['-q', '-c', command, '/dev/null'], {
    stdin: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
  const attached = new Promise<void>((resolve) => {
    let greeting = '';
    child.stdout.on('data', (bytes: Buffer) => {
      sink.take(bytes);
      greeting = (greeting + bytes.toString('latin1')).slice(-200);
      if (/Escape character is [^\n]*\n/u.test(greeting)) resolve();
    });
  });
  await attached;
  sink.begin();
  sendAll(guest);
  const flow = await sink.done;
  child.stdin.write('\u001D');
  child.stdin.end();
  await child;
  return flow;
}
