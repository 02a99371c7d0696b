/**
 * Loaded into a process before an operation runs there: counts its steps, and interrupts it before one of them. A step
 * is whatever changes something outside of the process: a write, a program that is started, a call to the host.
 */
import childProcess from 'node:child_process';
import fs, { type FileHandle } from 'node:fs/promises';
import { closeSync, openSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { RpcConnection } from '../../../src/client/rpc/connection.ts';
import type { Interruption } from './interruption.ts';

type Call = (...args: unknown[]) => unknown;

const interruption = JSON.parse(process.env['KVM_KILLER'] ?? '{}') as Partial<Interruption>;
const steps: string[] = [];

function step(name: string): void {
  steps.push(name);
  if (steps.length !== interruption.step) return;
  if (interruption.kind === 'us') process.kill(process.pid, 'SIGKILL');
  if (interruption.kind === 'daemon' && interruption.daemon !== undefined)
    process.kill(interruption.daemon, 'SIGKILL');
  if (interruption.kind === 'disk' && interruption.disk !== undefined) fill(interruption.disk);
}

/** Not a byte is left on the disk. */
function fill(disk: string): void {
  const file = openSync(join(disk, 'filler'), 'w');
  for (let size = 1024 * 1024; size > 0; size = Math.floor(size / 4)) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) if (writeSync(file, piece) < size) break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

/** Makes a step of each call of some functions. */
function count(owner: object, names: readonly string[], label = ''): void {
  const functions = owner as Record<string, Call>;
  for (const name of names) {
    const original = functions[name];
    if (original === undefined) throw new Error(`There is no ${name}`);
    functions[name] = function counted(this: unknown, ...args: unknown[]) {
      if (!(name === 'open' && isReading(args[1]))) step(`${label}${name}`);
      return original.apply(this, args);
    };
  }
}

function isReading(flags: unknown): boolean {
  return flags === undefined || flags === 'r';
}

/** Before a call that changes something, and again when it is on its way and nothing has come back. */
function countCalls(): void {
  const prototype = RpcConnection.prototype as unknown as Record<string, Call>;
  for (const method of ['call', 'openStream']) {
    const original = prototype[method];
    if (original === undefined) throw new Error(`There is no ${method}`);
    prototype[method] = async function counted(this: unknown, ...args: unknown[]) {
      const { name } = args[0] as { readonly name: string };
      if (!CHANGES.test(name)) return original.apply(this, args);
      step(`before ${name}`);
      const answer = Promise.resolve(original.apply(this, args));
      answer.catch(() => undefined);
      await turn();
      step(`after ${name}`);
      return answer;
    };
  }
}

const CHANGES =
  /create|define|delete|destroy|upload|download|build|start|metadata|resize|dump|shutdown|refresh/iu;

const probe: FileHandle = await fs.open('/dev/null', 'r');
count(Object.getPrototypeOf(probe) as object, ['write', 'writev', 'sync', 'truncate'], 'file.');
await probe.close();
count(fs, ['rename', 'writeFile', 'mkdir', 'mkdtemp', 'rm', 'open', 'chmod', 'truncate', 'cp']);
count(childProcess, ['spawn']);
syncBuiltinESMExports();
countCalls();

process.on('exit', () => {
  // It has steps, and says them to whoever waits for its end.
  writeSync(1, `\n${JSON.stringify({ steps })}\n`);
});
