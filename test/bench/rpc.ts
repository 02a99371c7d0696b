import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { type Connection, connect } from '../../src/libvirt/connect.ts';
import type { DomainRef } from '../../src/libvirt/domain.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { median } from './tree/statistics.ts';

const GUEST = 'bench';
const OPERATIONS = 500;
const ROUNDS = 9;
const SPAWNS = 10;

/** The median over some rounds, the first of which only warms up. */
async function medianOf(rounds: number, round: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index <= rounds; index++) {
    const started = performance.now();
    await round();
    if (index > 0) times.push(performance.now() - started);
  }
  return median(times);
}

/** The calls that `virsh dominfo` makes, from a name; those that do not wait for each other travel together. */
async function dominfo({ domains, host }: Connection): Promise<void> {
  const [domain] = await Promise.all([domains.lookupByName(GUEST), host.securityModel()]);
  await Promise.all([
    domains.osType(domain),
    domains.info(domain),
    domains.isPersistent(domain),
    domains.autostart(domain),
    domains.hasManagedSave(domain),
    domains.securityLabel(domain),
    domains.messages(domain),
  ]);
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
      if (done === true) throw new Error('The peer ended');
      return Number(value);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await child;
    },
  };
}

async function timed(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
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
    const times = { seq: [] as number[], pipe: [] as number[], peer: [] as number[] };
    // In turn, so that all meet the same machine; the first round only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const seq = await timed(() => sequential(connection, domain));
      const pipe = await timed(() => pipelined(connection, domain));
      const peer = await client.round();
      if (round === 0) continue;
      times.seq.push(seq);
      times.pipe.push(pipe);
      times.peer.push(peer);
    }
    const [seq, pipe, peer] = [median(times.seq), median(times.pipe), median(times.peer)];
    const info = await medianOf(ROUNDS * 5, () => dominfo(connection));
    const spawn = await medianOf(SPAWNS, async () => void (await daemon.virsh('dominfo', GUEST)));
    return {
      sequential_ms: seq,
      pipelined_ms: pipe,
      c_client_ms: peer,
      dominfo_ms: info,
      spawn_ms: spawn,
      seq_vs_c: peer / seq,
      pipelined_vs_c: peer / pipe,
      dominfo_vs_spawn: spawn / info,
    };
  } finally {
    connection.close();
  }
}
