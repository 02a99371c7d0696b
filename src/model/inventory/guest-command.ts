import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../client/libvirt/connect.ts';
import type { DomainRef } from '../../client/libvirt/domain/domain.ts';

export interface GuestOutput {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly errors: string;
  /** The agent keeps no more than some MiB. */
  readonly truncated: boolean;
}

interface Status {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly 'out-data'?: string;
  readonly 'err-data'?: string;
  readonly 'out-truncated'?: boolean;
  readonly 'err-truncated'?: boolean;
}

/** The agent has no event for the end of a program. */
const POLL_MS = 100;
const POLL_MAX_MS = 2_000;

/**
 * Runs a line in the guest's shell through the guest agent (`guest-exec`) and waits for its end. Giving up leaves it
 * running there. libvirt marks the domain as tainted, since the agent is reached around it.
 */
export async function runInGuest(
  connection: Connection,
  ref: DomainRef,
  line: string,
  signal: AbortSignal,
): Promise<GuestOutput> {
  const ask = async <T>(execute: string, args: object): Promise<T> => {
    const command = JSON.stringify({ execute, arguments: args });
    const answer = await connection.qemu.agentCommand(ref, command, undefined, { signal });
    return (JSON.parse(answer ?? '{}') as { return: T }).return;
  };
  const os = await ask<{ id?: string }>('guest-get-osinfo', {}).catch(() => ({ id: undefined }));
  const shell =
    os.id === 'mswindows' ? { path: 'cmd.exe', arg: ['/c', line] } : { path: '/bin/sh', arg: ['-c', line] };
  const { pid } = await ask<{ pid: number }>('guest-exec', { ...shell, 'capture-output': true });
  for (let pause = POLL_MS; ; pause = Math.min(pause * 1.5, POLL_MAX_MS)) {
    const status = await ask<Status>('guest-exec-status', { pid });
    if (status.exited)
      return {
        exitCode: status.exitcode,
        output: text(status['out-data']),
        errors: text(status['err-data']),
        truncated: status['out-truncated'] === true || status['err-truncated'] === true,
      };
    await sleep(pause, undefined, { signal });
  }
}

function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
