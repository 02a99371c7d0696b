import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { type Connection, connect } from '../../src/client/libvirt/connect.ts';
import type { DomainRef } from '../../src/client/libvirt/domain/domain.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { inTurn, speedAgainst, timed } from './lib/in-turn.ts';
import { median } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, ...requirements.tinyOs, extras.pythonLibvirt],
};

const GUEST = 'bench';
const OPERATIONS = 200;
/** Together they take about as long as one virsh does, so that a busy moment falls on both alike. */
const DOMINFOS = 30;
/** Long enough to outlast a moment in which the machine is busy with something else. */
const ROUNDS = { rounds: 101, warmUp: 10 };

/**
 * The calls that `virsh dominfo` makes, from a name. Those that do not wait for each other travel together, the one
 * that takes longest first.
 */
async function dominfo({ domains, host }: Connection): Promise<void> {
  const [domain] = await Promise.all([domains.lookupByName(GUEST), host.securityModel()]);
  await Promise.all([
    domains.info(domain),
    domains.osType(domain),
    domains.isPersistent(domain),
    domains.autostart(domain),
    domains.hasManagedSave(domain),
    domains.securityLabel(domain),
    domains.messages(domain),
  ]);
}

async function dominfos(connection: Connection): Promise<void> {
  for (let count = 0; count < DOMINFOS; count++) await dominfo(connection);
}

interface Peer extends AsyncDisposable {
  /** The ms of one round. */
  round(): Promise<number>;
}

/** libvirt's C client has no other way than one call after another. */
function startPeer(uri: string): Peer {
  const script = join(import.meta.dirname, 'rpc', 'peer.py');
  const child = execa('/usr/bin/python3', [script, uri, GUEST, String(OPERATIONS)], { stdin: 'pipe' });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async round() {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done === true) {
        // With its own words, where it failed.
        await child;
        throw new Error('The peer ended before its time.');
      }
      return Number(value);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      // How it failed is told by the round that it failed in.
      await child.catch(() => undefined);
    },
  };
}

async function sequential({ domains }: Connection, domain: DomainRef): Promise<void> {
  for (let count = 0; count < OPERATIONS; count++) await domains.info(domain);
}

async function pipelined({ domains }: Connection, domain: DomainRef): Promise<void> {
  await Promise.all(Array.from({ length: OPERATIONS }, () => domains.info(domain)));
}

/** Calls on a real guest against libvirt's C client on the same socket, and against a virsh for each. */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  await daemon.defineTinyOs(GUEST);
  await daemon.virsh('start', GUEST);
  const connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
  try {
    const domain = await connection.domains.lookupByName(GUEST);
    await using client = startPeer(daemon.uri);
    const times = await inTurn(
      {
        sequential: () => timed(() => sequential(connection, domain)),
        pipelined: () => timed(() => pipelined(connection, domain)),
        peer: () => client.round(),
        dominfo: async () => (await timed(() => dominfos(connection))) / DOMINFOS,
        spawn: () => timed(() => daemon.virsh('dominfo', GUEST)),
      },
      ROUNDS,
    );
    return {
      sequential_ms: median(times.sequential),
      pipelined_ms: median(times.pipelined),
      c_client_ms: median(times.peer),
      dominfo_ms: median(times.dominfo),
      spawn_ms: median(times.spawn),
      seq_vs_c: speedAgainst(times.peer, times.sequential),
      pipelined_vs_c: speedAgainst(times.peer, times.pipelined),
      dominfo_vs_spawn: speedAgainst(times.spawn, times.dominfo),
    };
  } finally {
    connection.close();
  }
}
