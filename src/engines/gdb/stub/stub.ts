import { randomInt } from 'node:crypto';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { MonitorCommand } from '../../../client/libvirt/domain/qemu.ts';
import { DebugError } from '../error.ts';
import { removeBreakpoints } from './rsp.ts';

/** Dynamic ports by convention, above those that Linux gives to outgoing connections by default. */
const FIRST_PORT = 61_000;
const LAST_PORT = 65_535;
const ATTEMPTS = 20;
const MONITOR_TIMEOUT_MS = 15_000;
// not for people: a command of QEMU's monitor
const SWITCH_OFF = 'gdbserver none';

/** A gdb stub that listens on its host's loopback. */
export interface Stub {
  readonly port: number;
  /** Switched on by us, so to be switched off by us. */
  readonly ours: boolean;
}

/** The human monitor's answer to a command, as QEMU prints it. */
export function monitor(connection: Connection, domain: DomainRef, command: string): Promise<string> {
  return connection.qemu.monitorCommand(domain, command, MonitorCommand.HMP, {
    timeoutMs: MONITOR_TIMEOUT_MS,
  });
}

/**
 * Switches QEMU's gdb stub on, at a free port of the host's loopback; only QEMU can find out which is free. A
 * stub that is already on and has no debugger is used as it is.
 * @throws DebugError when another debugger is there, or no port is to be had.
 */
export async function switchOn(
  connection: Connection,
  domain: DomainRef,
  firstPort: number = randomInt(FIRST_PORT, LAST_PORT - ATTEMPTS),
): Promise<Stub> {
  const present = stubIn(await monitor(connection, domain, 'info chardev'));
  if (present !== undefined) {
    if (present.connected)
      throw new DebugError(
        'stub',
        t('Another debugger is attached to the guest ({0})', present.address),
        t('End its session first.'),
      );
    if (present.port !== undefined) return { port: present.port, ours: false };
    // One that no debugger here gets to, such as a socket of somebody who left: QEMU has one at a time.
    await monitor(connection, domain, SWITCH_OFF);
  }
  let refusal = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = firstPort + attempt;
    const answer = await switchedOnAt(connection, domain, port);
    // QEMU says no in words only.
    if (/waiting for gdb connection/i.test(answer)) return { port, ours: true };
    refusal = answer.trim();
    if (!/could not open|in use|failed to find/i.test(refusal)) break;
  }
  throw new DebugError(
    'stub',
    refusal === ''
      ? t('QEMU did not switch on its gdb stub, and gave no reason')
      : t('QEMU did not switch on its gdb stub: {0}', refusal),
  );
}

/** QEMU refuses a second one as a “duplicate yank instance”, also where it does not list the first any more. */
async function switchedOnAt(connection: Connection, domain: DomainRef, port: number): Promise<string> {
  const ask = () => monitor(connection, domain, `gdbserver tcp:127.0.0.1:${port}`);
  const answer = await ask();
  if (!/duplicate yank/i.test(answer)) return answer;
  await monitor(connection, domain, SWITCH_OFF);
  return ask();
}

/**
 * Switches it off again. Breakpoints of a debugger that is not there any more are taken out first, or the guest
 * would stop at them for ever.
 */
export async function switchOff(
  connection: Connection,
  domain: DomainRef,
  { port, ours }: Stub,
): Promise<void> {
  await removeBreakpoints(await connection.dial({ port }, AbortSignal.timeout(MONITOR_TIMEOUT_MS)));
  if (ours) await monitor(connection, domain, SWITCH_OFF);
}

interface PresentStub {
  readonly address: string;
  readonly port: number | undefined;
  readonly connected: boolean;
}

/** Finds the stub among QEMU's character devices: `gdb: filename=disconnected:tcp:127.0.0.1:1234,server=on`. */
export function stubIn(chardevs: string): PresentStub | undefined {
  const line = /^gdb: filename=(.*)$/m.exec(chardevs)?.[1]?.trim();
  if (line === undefined) return undefined;
  const port = /tcp:(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[?::1?\]?):(\d+)/.exec(line)?.[1];
  return {
    address: line,
    port: port === undefined ? undefined : Number(port),
    connected: !line.startsWith('disconnected:'),
  };
}
