import assert from 'node:assert/strict';
import { execa } from 'execa';
import { ConnectionClosedError } from '../../../src/client/rpc/error.ts';
import { Transports } from '../../../src/client/transport/open.ts';
import type { SshServer } from '../../integration/support/ssh-server.ts';
import { assertSameAsVirsh, usualHost, untilHost, within } from '../support/hosts.ts';
import { leave } from './daemon.ts';
import type { Scene } from './scenario.ts';

/** Our own ssh processes: the one connection to a host that all share, and those that ride on it. */
async function sshProcesses(kind: 'master' | 'session'): Promise<readonly number[]> {
  const { stdout } = await execa('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]);
  return stdout
    .split('\n')
    .filter((row) => /^\s*\d+ ssh /.test(row) && /ControlMaster=yes/.test(row) === (kind === 'master'))
    .map((row) => Number.parseInt(row, 10));
}

/** ssh is killed under a host that is in use: it says so, and comes back when it is asked to. */
export async function sshKilled(
  { daemon }: Scene,
  server: SshServer,
  kind: 'master' | 'session',
): Promise<void> {
  const transports = new Transports();
  const host = usualHost(server.uri({ socket: daemon.socket }), transports);
  try {
    const connection = await within(host.connect(), 'connecting over ssh');
    const calls = Array.from({ length: 20 }, () => connection.capabilities());
    const settled = Promise.allSettled(calls);
    const pids = await sshProcesses(kind);
    assert.equal(pids.length, 1, `there is one ${kind}`);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    for (const result of await within(settled, 'a call over an ssh that was killed'))
      if (result.status === 'rejected') assert.ok(result.reason instanceof ConnectionClosedError);
    await untilHost(host, () => host.status.kind === 'reconnecting', 'noticing that ssh is gone');
    await within(host.connect(), 'coming back over ssh');
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
    await within(transports.dispose(), 'ending ssh');
  }
}
