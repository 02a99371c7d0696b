import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { Phase } from '../deploy/phase.ts';
import { endpointOf, type RunningGuest } from './reach.ts';
import type { Endpoint } from './way.ts';
import { cloudInitErrors } from './cloud-init-status.ts';
import type { SshKeys } from './ssh-keys.ts';
import { runOverSsh, type SshTarget } from './ssh-run.ts';
import { watchSerial } from './serial-watch.ts';

/** A guest did not come up in time: what was waited for last, and what to do. */
class NotUpError extends Error {
  override readonly name = 'NotUpError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly report: (phase: Phase) => void;
  readonly keys: SshKeys;
  /** Called once when the guest has been silent for so long that its acceleration may be the cause. */
  readonly onStall?: (() => void) | undefined;
  readonly stallMs?: number;
}

/** With working acceleration, a system is up by then, or has at least written to its console. */
const STALL_MS = 60_000;
const FEW_LINES = 60;
const POLL_MS = 300;
const BANNER_MS = 3000;

/** Waits until somebody can log in to a guest and cloud-init is done. @throws NotUpError */
export async function waitForSsh(running: RunningGuest, options: WaitOptions): Promise<SshTarget> {
  const { guest, host, ref } = running;
  const { signal, timeoutMs, report, keys, onStall, stallMs = STALL_MS } = options;
  const ssh = guest.ssh ?? { user: 'root', port: 22 };
  const late = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, late]);
  // The cast keeps the compiler from narrowing it: the callback below changes it.
  let last = { kind: 'address' } as Phase;
  const tell = (phase: Phase) => {
    last = phase;
    report(phase);
  };
  await using serial = await watchSerial(host.connection, ref, (stage) =>
    tell({ kind: 'cloud-init', stage }),
  );
  const stall = setTimeout(() => {
    if (serial.listens && serial.lines < FEW_LINES) onStall?.();
  }, stallMs);
  try {
    tell(last);
    const endpoint = await waitForBanner(running, ssh.port, tell, either);
    clearTimeout(stall);
    const target: SshTarget = {
      address: endpoint.address,
      port: endpoint.port,
      user: ssh.user,
      alias: guest.domain,
      knownKey: guest.cloudInit !== undefined && guest.cloudInit.userDataFile === undefined,
    };
    await waitForLogin(keys, target, either);
    if (guest.cloudInit !== undefined) {
      // The serial port may have told a later stage already.
      if (last.kind !== 'cloud-init') tell({ kind: 'cloud-init', stage: 'last' });
      await waitForCloudInit(keys, target, either);
    }
    return target;
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    throw notUp(last, timeoutMs, serial.lastLine);
  } finally {
    clearTimeout(stall);
  }
}

async function waitForBanner(
  running: RunningGuest,
  port: number,
  tell: (phase: Phase) => void,
  signal: AbortSignal,
): Promise<Endpoint> {
  let told = '';
  for (;;) {
    signal.throwIfAborted();
    const endpoint = await endpointOf(running, port);
    if (endpoint !== undefined) {
      const at = `${endpoint.address}:${endpoint.port}`;
      if (told !== at) tell({ kind: 'ssh', at, from: endpoint.from });
      told = at;
      if (await answersAsSsh(endpoint, signal)) return endpoint;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** User networking accepts every connection, even when nothing listens in the guest: only the server's banner tells. */
function answersAsSsh({ address, port }: Endpoint, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const settle = (answer: boolean) => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    const giveUp = () => settle(false);
    signal.addEventListener('abort', giveUp);
    socket.setTimeout(BANNER_MS, giveUp);
    socket.once('error', giveUp);
    socket.once('close', giveUp);
    socket.once('data', (data: Buffer) => settle(data.toString('latin1').startsWith('SSH-')));
  });
}

/** The server may answer before the user is made. */
async function waitForLogin(keys: SshKeys, target: SshTarget, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { exitCode, output } = await runOverSsh(keys, target, 'true', { signal, timeoutMs: 20_000 });
    if (exitCode === 0) return;
    if (/host key verification failed|identification has changed/iu.test(output))
      throw new NotUpError(
        t('The guest at {0}:{1} shows another host key than it was given', target.address, target.port),
        t('Another machine may answer there. Rebuild the guest if it created a new key itself.'),
      );
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function waitForCloudInit(keys: SshKeys, target: SshTarget, signal: AbortSignal): Promise<void> {
  // not for people: the guest's shell reads it
  const command = 'command -v cloud-init >/dev/null 2>&1 || exit 0; cloud-init status --wait --long';
  const { exitCode, output } = await runOverSsh(keys, target, command, { signal });
  // 2 means that it finished with errors that it recovered from.
  if (exitCode === 0 || exitCode === 2) return;
  throw new NotUpError(
    t('cloud-init failed in the guest: {0}', cloudInitErrors(output)),
    t(
      'See /var/log/cloud-init-output.log in the guest. A rebuild tries again, a restart goes on without it.',
    ),
  );
}

function notUp(last: Phase, timeoutMs: number, lastLine: string): NotUpError {
  const hint =
    lastLine === ''
      ? t('Run Up again to keep waiting. The guest has written nothing to its serial console.')
      : t('Run Up again to keep waiting. The last line on its serial console: {0}', lastLine);
  return new NotUpError(notUpText(last, Math.round(timeoutMs / 6000) / 10), hint);
}

function notUpText(last: Phase, minutes: number): string {
  switch (last.kind) {
    case 'address':
      return t(
        'The guest has no address after {0} min: no DHCP lease, no answer from a guest agent, no entry in the ARP table',
        minutes,
      );
    case 'ssh':
      return t('No SSH server answered at {0} within {1} min', last.at, minutes);
    default:
      return t('cloud-init did not finish within {0} min', minutes);
  }
}
