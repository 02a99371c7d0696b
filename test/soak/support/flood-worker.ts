import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../src/client/libvirt/connect.ts';

/** What a flood is made of: each change of a domain is an event for whoever listens. */
export interface FloodOrder {
  readonly uri: string;
  /** How many domains take part, and how many changes there are in all. */
  readonly domains: number;
  readonly changes: number;
}

const NAME = 'flood';

/** Half of the domains go to and fro on each of two connections, as fast as the daemon takes it. */
async function flood({ uri, domains, changes }: FloodOrder): Promise<number> {
  const connections = await Promise.all([0, 1].map(() => connect(uri, AbortSignal.timeout(10_000))));
  const [first] = connections;
  if (first === undefined) throw new Error('There is no connection');
  const refs = await Promise.all(
    Array.from({ length: domains }, (_, index) => first.domains.createXml(guestXml(`${NAME}-${index}`))),
  );
  const started = performance.now();
  await Promise.all(
    refs.map(async (domain, index) => {
      const connection = connections[index % connections.length] ?? first;
      for (let turn = 0; turn < changes / domains; turn++)
        await (turn % 2 === 0 ? connection.domains.suspend(domain) : connection.domains.resume(domain));
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  // Half of them stay, so that there is something to compare.
  await Promise.all(refs.filter((_, index) => index % 2 === 0).map((ref) => first.domains.destroy(ref)));
  for (const connection of connections) await connection.disconnect();
  return seconds;
}

function guestXml(name: string): string {
  return `<domain type="test"><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- this one goes to a thread
parentPort?.postMessage(await flood(workerData as FloodOrder));
