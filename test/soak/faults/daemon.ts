import assert from 'node:assert/strict';
import { execa } from 'execa';
import type { Host } from '../../../src/model/inventory/host.ts';
import { ConnectionClosedError, RemoteError } from '../../../src/client/rpc/error.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';
import { assertSameAsVirsh, HANG_MS, hastyHost, untilHost, usualHost, within } from '../support/hosts.ts';
import type { Scenario } from './scenario.ts';

const WORKERS = 6;

interface Load {
  /** Settles when so many calls were answered. */
  flowing(calls: number): Promise<void>;
  /** Settles when every call is settled, once the link has ended. @throws what no lost link explains. */
  readonly ended: Promise<unknown>;
}

/** Calls of all sizes without a pause, changes among them, until the link ends. */
async function startLoad(host: Host, kernel: string): Promise<Load> {
  const connection = await host.connect();
  let answered = 0;
  let wanted: { readonly calls: number; readonly reached: () => void } | undefined;
  const work = [
    () => connection.capabilities(),
    () => connection.domains.list(),
    () => connection.domains.listStates(),
    () => connection.hostname(),
    async (worker: number) => {
      const xml = tinyOsXml({ name: `churn-${worker}`, kernel });
      await connection.domains.undefine(await connection.domains.defineXml(xml));
    },
  ];
  const workers = Array.from({ length: WORKERS }, async (_, worker) => {
    for (let turn = worker; ; turn++) {
      try {
        await work[turn % work.length]?.(worker);
      } catch (error) {
        if (error instanceof ConnectionClosedError) return;
        // Two rounds after another may both have left a guest of this name.
        if (!(error instanceof RemoteError)) throw error;
      }
      if (++answered >= (wanted?.calls ?? Infinity)) wanted?.reached();
    }
  });
  return {
    flowing: (calls) => new Promise((reached) => (wanted = { calls: answered + calls, reached })),
    ended: Promise.all(workers),
  };
}

/** A guest that outlives its daemon. */
export async function provideGuest(daemon: PrivateDaemon): Promise<void> {
  await daemon.defineTinyOs('survivor');
  await daemon.virsh('start', 'survivor');
}

/** SIGKILL in the middle of everything; while it is away and as it comes back, nothing hangs. */
export const killUnderLoad: Scenario = async ({ daemon, random }) => {
  const host = usualHost(daemon.uri);
  try {
    const load = await startLoad(host, await daemon.tinyOsElf());
    await within(load.flowing(20 + random.below(60)), 'the load');
    await daemon.kill('SIGKILL');
    await within(load.ended, 'a call to a daemon that was killed');
    await untilHost(host, () => host.status.kind === 'reconnecting', 'noticing that the daemon is gone');
    await daemon.start();
    // By itself it would wait a second first.
    await within(host.connect(), 'coming back');
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
  }
};

/** As above, but nobody asks it to come back. */
export const comeBackAlone: Scenario = async ({ daemon }) => {
  const host = usualHost(daemon.uri);
  try {
    await host.connect();
    await daemon.kill('SIGKILL');
    await untilHost(host, () => host.status.kind === 'reconnecting', 'noticing that the daemon is gone');
    await daemon.start();
    await untilHost(host, () => host.status.kind === 'connected', 'coming back');
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
  }
};

/** A daemon that is there but does nothing any more: keepalive notices, and it is found again when it wakes up. */
export const stopped: Scenario = async ({ daemon }) => {
  const host = hastyHost(daemon.uri);
  const pid = await pidOf(daemon);
  try {
    const connection = await host.connect();
    process.kill(pid, 'SIGSTOP');
    const answer = connection.hostname();
    await assert.rejects(within(answer, 'a call to a stopped daemon'), ConnectionClosedError);
    await untilHost(host, () => host.status.kind === 'reconnecting', 'noticing that nobody answers');
    await assert.rejects(within(host.connect(), 'connecting to a stopped daemon'), { code: 'timeout' });
    process.kill(pid, 'SIGCONT');
    await within(host.connect(), 'coming back');
    await assertSameAsVirsh(host, daemon);
  } finally {
    process.kill(pid, 'SIGCONT');
    await leave(host);
  }
};

/** The daemon's own process, whose number is another one inside its namespace. */
export async function pidOf(daemon: PrivateDaemon): Promise<number> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,args=']);
  const row = stdout.split('\n').find((line) => {
    const [, program = ''] = line.trim().split(/\s+/);
    return program.endsWith('libvirtd') && line.includes(`${daemon.folder}/`);
  });
  assert.ok(row, 'the daemon has a process');
  return Number.parseInt(row, 10);
}

/** Disconnects and waits until nothing of the connection is left. */
export async function leave(host: Host): Promise<void> {
  const closed = host.status.kind === 'connected' ? (await host.connect()).closed : undefined;
  host.disconnect();
  await within(Promise.resolve(closed), 'closing a connection', HANG_MS);
}
