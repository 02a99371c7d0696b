import type { DomainRecord } from '../../model/inventory/kinds/domain-record.ts';
import type { GuestStatus } from './entry.ts';

/** Domains of hosts of which something was read anew: their UUIDs, by the host's id. */
export class ChangedDomains {
  readonly #hosts = new Map<string, Set<string>>();

  add(hostId: string, uuids: readonly string[]): void {
    const known = this.#hosts.get(hostId) ?? new Set();
    for (const uuid of uuids) known.add(uuid);
    this.#hosts.set(hostId, known);
  }

  of(hostId: string): ReadonlySet<string> {
    return this.#hosts.get(hostId) ?? new Set();
  }
}

/**
 * Whether changes of these domains may concern a guest: its own domain is among them, by UUID or by name, or one has
 * gone that may have had its name.
 */
export function isConcerned(
  domain: string,
  status: GuestStatus | undefined,
  changed: ReadonlySet<string>,
  domains: ReadonlyMap<string, DomainRecord>,
): boolean {
  if (changed.size === 0) return false;
  if (status === undefined || status.kind === 'unknown') return true;
  if (status.kind === 'there' && changed.has(status.uuid)) return true;
  for (const uuid of changed) {
    const record = domains.get(uuid);
    if (record === undefined ? status.kind === 'foreign' : record.name === domain) return true;
  }
  return false;
}
