import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { type DomainRef, DomainXml, StartDomain } from '../../../client/libvirt/domain/domain.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { Host } from '../../inventory/host.ts';
import type { OperationOptions } from '../operation.ts';
import { explainingDisks } from './explain-disks.ts';
import { changeDomain } from './on-domain.ts';

/** How a domain is started. */
export interface StartChoices {
  /** Stops before the guest's first instruction. */
  readonly paused?: boolean;
  /** It is forced off when the connection of its host ends. */
  readonly endsWithConnection?: boolean;
}

/** Nobody may hold a guest back for longer. */
const PATIENCE_MS = 5_000;

/**
 * `virDomainCreateWithFlags`, of a domain that is shut off. Where somebody watches its start, such as a console, the
 * guest runs only once they are ready. @throws GoneError, RemoteError, DiskError
 */
export function startDomain(
  target: DomainTarget,
  choices: StartChoices,
  options: OperationOptions = {},
): Promise<DomainRef> {
  return changeDomain(target, options, ({ connection, ref }) =>
    startWatched(target.host, connection, target.uuid, choices, (flags) =>
      explainingDisks(
        connection,
        () => connection.domains.xml(ref, DomainXml.INACTIVE, options),
        () => connection.domains.start(ref, flags, options),
      ),
    ),
  );
}

/**
 * Starts a domain with `start`, to which it gives `virDomainCreateFlags`, paused at first where somebody watches.
 * `uuid` is undefined for a new domain that nobody can know yet.
 */
export async function startWatched(
  { bootWatchers }: Host,
  { domains }: Connection,
  uuid: string | undefined,
  { paused = false, endsWithConnection = false }: StartChoices,
  start: (flags: number) => Promise<DomainRef>,
): Promise<DomainRef> {
  const watchers = uuid === undefined || paused ? [] : bootWatchers.of(uuid);
  const flags =
    (paused || watchers.length > 0 ? StartDomain.PAUSED : 0) |
    (endsWithConnection ? StartDomain.AUTODESTROY : 0);
  const started = await start(flags);
  if (watchers.length === 0) return started;
  // Who cannot be ready has said so where it matters; the guest runs in any case.
  const ready = Promise.allSettled(watchers.map((watcher) => watcher()));
  await Promise.race([ready, sleep(PATIENCE_MS, undefined, { ref: false })]);
  await domains.resume(started);
  return started;
}
