import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Pump } from '../../../src/workbench/console/serial/pump.ts';
import { SerialSession } from '../../../src/workbench/console/serial/session.ts';
import type { DomainTarget } from '../../../src/model/inventory/domain-target.ts';
import { connect } from '../../../src/client/libvirt/connect.ts';
import { FLOOD } from './flood.ts';

/** As in flood.c: what the guest sends for each byte that it is sent, and the text that it repeats. */
const BLOCK = 4096;
const TEXT = 16 * BLOCK;
/**
 * QEMU drops what a virtio console's reader cannot take at once, and a pseudo terminal holds 8 KiB: here it is the
 * reader who asks for each block, whoever it is, with so many of them on their way that the guest need not wait.
 */
const AHEAD = 2;
const ASK = '\n';
/** Of one flow, in bytes. */
export const SIZE = 16 * 1024 * 1024;
/** Without anything that came. */
const PATIENCE_MS = 20_000;
/** virsh says that it is connected before it stops to read whole lines, and forgets those that it has. */
const VIRSH_READY_MS = 500;

/** What came, and how long it took. */
export interface Flow {
  readonly ms: number;
  readonly bytes: number;
  readonly hash: string;
}

/** Of what the guest sends: numbers, a line each. */
export function expectedHash(): string {
  const lines: string[] = [];
  for (let line = 1, length = 0; length < TEXT; line++)
    length += lines[lines.push(`${line}\n`) - 1]?.length ?? 0;
  const text = Buffer.from(lines.join('')).subarray(0, TEXT);
  const digest = createHash('sha256');
  for (let sent = 0; sent < SIZE; sent += TEXT) digest.update(text);
  return digest.digest('hex');
}

/** Asks for blocks and counts what comes until all of it is there, or nothing more comes. */
class Reader {
  readonly #digest = createHash('sha256');
  #bytes = 0;
  #asked = 0;
  #ask: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #done: () => void = () => undefined;

  async read(ask: () => void): Promise<Flow> {
    const done = new Promise<void>((resolve) => (this.#done = resolve));
    const timer = (this.#timer = setTimeout(this.#done, PATIENCE_MS));
    const started = performance.now();
    this.#ask = ask;
    this.#askOn();
    await done;
    clearTimeout(timer);
    this.#ask = undefined;
    return { ms: performance.now() - started, bytes: this.#bytes, hash: this.#digest.digest('hex') };
  }

  take(bytes: Uint8Array): void {
    // What virsh says before is none of it.
    if (this.#ask === undefined) return;
    this.#digest.update(bytes);
    this.#bytes += bytes.length;
    this.#timer?.refresh();
    this.#askOn();
    if (this.#bytes >= SIZE) this.#done();
  }

  #askOn(): void {
    const until = Math.min(SIZE / BLOCK, Math.floor(this.#bytes / BLOCK) + AHEAD);
    for (; this.#asked < until; this.#asked++) this.#ask?.();
  }
}

/** As in a terminal of ours, up to the text that is handed to VS Code. */
export async function ours(target: DomainTarget): Promise<Flow> {
  const reader = new Reader();
  const encoder = new TextEncoder();
  const pump = new Pump(
    (text) => reader.take(encoder.encode(text)),
    (full) => session.setFull(full),
  );
  const owner = {
    output: (bytes: Uint8Array) => pump.write(bytes),
    notice: () => undefined,
    mayTakeOver: () => Promise.resolve(false),
  };
  const connector = (uri: string, signal: AbortSignal) => connect(uri, signal);
  const session = new SerialSession({ target, port: { kind: 'console', index: 0 }, connector }, owner);
  await session.start();
  const ask = encoder.encode(ASK);
  const flow = await reader.read(() => session.write(ask));
  session.dispose();
  pump.dispose();
  return flow;
}

/** `virsh console`, which insists on a terminal: `script` gives it one. */
export async function virsh(uri: string): Promise<Flow> {
  const reader = new Reader();
  const child = execa('script', ['-q', '-c', `virsh -c '${uri}' console ${FLOOD}`, '/dev/null'], {
    stdin: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
  });
  await new Promise<void>((resolve) => {
    let greeting = '';
    child.stdout.on('data', (bytes: Buffer) => {
      reader.take(bytes);
      greeting = (greeting + bytes.toString('latin1')).slice(-200);
      if (/Escape character is [^\n]*\n/u.test(greeting)) resolve();
    });
  });
  await sleep(VIRSH_READY_MS);
  const flow = await reader.read(() => child.stdin.write(ASK));
  child.stdin.write('\u001D');
  child.stdin.end();
  await child;
  return flow;
}
