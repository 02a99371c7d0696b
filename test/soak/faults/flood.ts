import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { HostChange } from '../../../src/model/inventory/host.ts';
import { testDomainUuid, testDomainXml, testHostXml } from '../../bench/tree/test-host.ts';
import type { FloodOrder } from '../support/flood-worker.ts';
import { assertSameAsVirsh, untilHost, usualHost, within } from '../support/hosts.ts';
import { type LoopDelay, watchLoop } from '../support/loop-watch.ts';
import { leave } from './daemon.ts';
import type { Scene } from './scenario.ts';

export interface FloodFigures extends LoopDelay {
  readonly eventsPerSecond: number;
}

const FLOOD_TIMEOUT_MS = 60_000;

/** A large host is read domain by domain, as after a storm over all of it: everything else goes on meanwhile. */
export async function readAgain({ daemon }: Scene, domains: number): Promise<LoopDelay> {
  const file = join(daemon.folder, `host-${domains}.xml`);
  await writeFile(file, testHostXml(domains));
  const host = usualHost(daemon.testFileUri(file));
  try {
    await host.connect();
    const stop = watchLoop();
    await within(host.reload(), 'reading a large host again', FLOOD_TIMEOUT_MS);
    const delay = stop();
    await assertSameAsVirsh(host, daemon, daemon.testFileUri(file));
    return delay;
  } finally {
    await leave(host);
    await rm(file);
  }
}

/** A large host comes back as another one than it was: one change set says how they differ. */
export async function comeBackLarge({ daemon }: Scene, domains: number): Promise<LoopDelay> {
  const file = join(daemon.folder, `host-${domains}.xml`);
  const before = testHostXml(domains);
  await writeFile(file, before);
  const host = usualHost(daemon.testFileUri(file));
  const changeSets: HostChange[] = [];
  try {
    await host.connect();
    await daemon.kill('SIGKILL');
    await untilHost(host, () => host.status.kind === 'reconnecting', 'noticing that the daemon is gone');
    const [first = '', second = ''] = before.match(/<domain .+?<\/domain>/gsu) ?? [];
    const after = before.replace(first, '').replace(second, second.replace('<name>', '<name>new-'));
    await writeFile(file, after.replace('</node>', `${testDomainXml(domains)}</node>`));
    host.onChange((change) => changeSets.push(change));
    const stop = watchLoop();
    await daemon.start();
    const isBack = () => host.status.kind === 'connected';
    await untilHost(host, isBack, 'coming back as a large host', FLOOD_TIMEOUT_MS);
    const delay = stop();
    const difference = changeSets.filter(({ kind }) => kind === 'objects');
    const changed = { changed: [testDomainUuid(1)], touched: [], renamed: true };
    const [added, removed] = [[testDomainUuid(domains)], [testDomainUuid(0)]];
    assert.deepEqual(difference, [
      { kind: 'objects', of: 'domain', parent: undefined, added, removed, ...changed },
    ]);
    await assertSameAsVirsh(host, daemon, daemon.testFileUri(file));
    return delay;
  } finally {
    await leave(host);
    await rm(file);
  }
}

/** So many lifecycle events as fast as a daemon can make them: the inventory is right after them. */
export async function flood(
  { daemon }: Scene,
  { changes, domains }: { changes: number; domains: number },
): Promise<FloodFigures> {
  const host = usualHost(daemon.testUri);
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
