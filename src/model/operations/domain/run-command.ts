import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { askAgent, membersOf, NonsenseError, withAgent } from './agent.ts';
import { changeDomain } from './on-domain.ts';
import { decodeOutput } from './output-text.ts';

/** What is run in the guest. */
export interface CommandChoices {
  /** For the guest's shell: `/bin/sh`, or `cmd.exe` in Windows. */
  readonly line: string;
}

/** How the command ended, in the guest's own words. */
export interface GuestOutput {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly errors: string;
  /** The agent keeps no more than some MiB. */
  readonly truncated: boolean;
}

/** The agent has no event for the end of a program. */
const POLL_MS = 100;
const POLL_MAX_MS = 2_000;

/**
 * Runs a line in the guest's shell through its agent (`guest-exec`) and waits for its end. Giving up leaves it running
 * there. @throws GoneError, OperationError without an agent, RemoteError
 */
export function runCommand(
  target: DomainTarget,
  { line }: CommandChoices,
  options: OperationOptions = {},
): Promise<GuestOutput> {
  return changeDomain(target, options, ({ connection, ref }) => {
    const ask = (execute: string, args: object) =>
      askAgent(connection, ref, { execute, arguments: args }, options);
    return withAgent(() => runBy(ask, line, options.signal));
  });
}

/** @param ask an agent’s answer to a command of its protocol. @throws NonsenseError */
export async function runBy(
  ask: (execute: string, args: object) => Promise<unknown>,
  line: string,
  signal: AbortSignal | undefined,
): Promise<GuestOutput> {
  const shell = shellOf(await ask('guest-get-osinfo', {}).catch(() => undefined), line);
  const { pid } = membersOf(await ask('guest-exec', { ...shell, 'capture-output': true }));
  if (!Number.isSafeInteger(pid)) throw new NonsenseError();
  for (let pause = POLL_MS; ; pause = Math.min(pause * 1.5, POLL_MAX_MS)) {
    const status = membersOf(await ask('guest-exec-status', { pid }));
    if (typeof status['exited'] !== 'boolean') throw new NonsenseError();
    if (status['exited']) return outputOf(status);
    await sleep(pause, undefined, { signal });
  }
}

function shellOf(os: unknown, line: string): { readonly path: string; readonly arg: readonly string[] } {
  const isWindows = membersOf(os)['id'] === 'mswindows';
  return isWindows ? { path: 'cmd.exe', arg: ['/c', line] } : { path: '/bin/sh', arg: ['-c', line] };
}

function outputOf(status: Readonly<Record<string, unknown>>): GuestOutput {
  const code = status['exitcode'];
  return {
    exitCode: Number.isSafeInteger(code) ? (code as number) : undefined,
    output: text(status['out-data']),
    errors: text(status['err-data']),
    truncated: status['out-truncated'] === true || status['err-truncated'] === true,
  };
}

function text(base64: unknown): string {
  return typeof base64 === 'string' ? decodeOutput(Buffer.from(base64, 'base64')) : '';
}
