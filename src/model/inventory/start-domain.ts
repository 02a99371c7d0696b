import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../client/libvirt/connect.ts';
import { type DomainRef, StartDomain } from '../../client/libvirt/domain/domain.ts';
import type { CallOptions } from '../../client/rpc/connection.ts';
import type { BootWatchers } from './boot-watchers.ts';

/** Nobody may hold a guest back for longer. */
const PATIENCE_MS = 5_000;

/** `virDomainCreateWithFlags`; where somebody watches, the guest only runs once they are ready. */
export async function startDomain(
  connection: Connection,
  ref: DomainRef,
  watchers: BootWatchers,
  options?: CallOptions,
): Promise<void> {
  const waiting = watchers.of(ref.uuid);
  if (waiting.length === 0) {
    await connection.domains.start(ref, 0, options);
    return;
  }
  const started = await connection.domains.start(ref, StartDomain.PAUSED, options);
  // Who cannot be ready has said so where it matters; the guest runs in any case.
  const ready = Promise.allSettled(waiting.map((watcher) => watcher()));
  await Promise.race([ready, sleep(PATIENCE_MS, undefined, { ref: false })]);
  await connection.domains.resume(started);
}
