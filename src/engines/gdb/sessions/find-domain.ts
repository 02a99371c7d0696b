import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import { isAtHand } from '../../../model/inventory/place.ts';
import { findHost } from '../../../model/operations/host/find-host.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { DebugError } from '../error.ts';

export interface FoundDomain {
  readonly host: Host;
  readonly connection: Connection;
  readonly domain: DomainRef;
}

/**
 * Finds a domain by name or UUID: on the host that is named, else on those that are connected, else on those of
 * this machine, which are connected to for it. @throws DebugError when there is none.
 */
export async function findDomain(
  inventory: Inventory,
  hostName: string | undefined,
  name: string,
): Promise<FoundDomain> {
  const named = hostName === undefined ? undefined : findHost(inventory, hostName);
  const hosts = named === undefined ? byReach(inventory.hosts) : [named];
  const known = hosts.find((host) => recordIn(host, name) !== undefined);
  let failure: unknown;
  for (const host of known === undefined ? hosts : [known]) {
    try {
      const connection = await host.connect();
      const uuid = recordIn(host, name)?.uuid;
      // Also what is known is asked for: that it was started may be news, and its id says later whether it still runs.
      const domain = await orNone(
        uuid === undefined ? connection.domains.lookupByName(name) : connection.domains.lookupByUuid(uuid),
      );
      if (domain !== undefined) return { host, connection, domain };
    } catch (error) {
      if (named !== undefined || known !== undefined) throw error;
      failure ??= error;
    }
  }
  const where = named === undefined ? t('any connected host') : named.name;
  throw new DebugError(
    'no-domain',
    t('There is no domain “{0}” on {1}', name, where),
    named === undefined
      ? t('Set “host” to the host that has it.')
      : t('Check the “domain” of the configuration.'),
    { cause: failure },
  );
}

/** The host to make a new guest on: the one that is named, else the first that runs QEMU, those that are connected first. */
export async function findBootHost(
  inventory: Inventory,
  hostName: string | undefined,
): Promise<{ readonly host: Host; readonly connection: Connection }> {
  if (hostName !== undefined) {
    const host = findHost(inventory, hostName);
    return { host, connection: await host.connect() };
  }
  let failure: unknown;
  for (const host of byReach(inventory.hosts)) {
    try {
      const connection = await host.connect();
      if (host.status.kind === 'connected' && host.status.facts.type === 'QEMU') return { host, connection };
    } catch (error) {
      failure ??= error;
    }
  }
  throw new DebugError(
    'no-host',
    t('There is no connected libvirt host with QEMU to boot a guest on'),
    t('Connect to one in the Hosts view, or set “host”.'),
    {
      cause: failure,
    },
  );
}

/** Connected ones first; then those that connecting to costs nobody a question. */
function byReach(hosts: readonly Host[]): readonly Host[] {
  const connected = hosts.filter(({ status }) => status.kind === 'connected');
  return [...connected, ...hosts.filter((host) => !connected.includes(host) && isAtHand(host.id))];
}

function recordIn(host: Host, name: string) {
  return host.domains.get(name) ?? [...host.domains.values()].find((each) => each.name === name);
}

async function orNone(found: Promise<DomainRef>): Promise<DomainRef | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isLibvirtError(error) && error.code === ErrorCode.NO_DOMAIN) return undefined;
    throw error;
  }
}
