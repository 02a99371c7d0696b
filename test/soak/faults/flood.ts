import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FloodOrder } from '../support/flood-worker.ts';
import { assertSameAsVirsh, hastyHost, within } from '../support/hosts.ts';
import { type LoopDelay, watchLoop } from '../support/loop-watch.ts';
import { leave } from './daemon.ts';
import type { Scene } from './scenario.ts';

export interface FloodFigures extends LoopDelay {
  readonly eventsPerSecond: number;
}

const FLOOD_TIMEOUT_MS = 60_000;

/** So many lifecycle events as fast as a daemon can make them: the inventory is right after them. */
export async function flood(
  { daemon }: Scene,
  { changes, domains }: { changes: number; domains: number },
): Promise<FloodFigures> {
  const host = hastyHost(daemon.testUri);
  const errors: unknown[] = [];
  host.onError((error) => errors.push(error));
  try {
    const connection = await host.connect();
    let events = 0;
    await connection.domainEvents.on('lifecycle', () => events++);
    const order: FloodOrder = { uri: daemon.testUri, domains, changes };
    const worker = new Worker(new URL('../support/flood-worker.ts', import.meta.url), { workerData: order });
    const stop = watchLoop();
    const [seconds] = (await within(once(worker, 'message'), 'the flood', FLOOD_TIMEOUT_MS)) as [number];
    const delay = stop();
    await worker.terminate();
    await assertSameAsVirsh(host, daemon, daemon.testUri);
    assert.ok(events >= changes, `${events} of ${changes} events came`);
    assert.deepEqual(errors, []);
    return { ...delay, eventsPerSecond: changes / seconds };
  } finally {
    await leave(host);
  }
}
