import { t } from '@vscode/l10n';
import { isCancellation } from '../../ui/failure.ts';
import {
  destroyGuest,
  destroyNetworks,
  down,
  findOwnGuests,
  findOwnNetworks,
  type RemovableGuest,
} from '../../../engines/environment/deploy/down.ts';
import type { EnvironmentHost } from '../../../engines/environment/deploy/environment-host.ts';
import type { Environment } from '../../../engines/environment/file/model.ts';
import { shutdownPatienceMs } from '../settings.ts';
import type { Environments } from '../environments.ts';
import { runOnEntry } from './run.ts';
import { readable, type Target } from './targets.ts';
import type { DroppedNode } from '../view/nodes.ts';
import { upGuests } from './up.ts';
import { inform, warn } from '../../ui/notices.ts';

/** What a verb says of guests while it runs, and when it failed. */
interface Words {
  readonly doing: (guests: string) => string;
  readonly failed: (guests: string) => string;
}

const SHUT_DOWN: Words = {
  doing: (guests) => t('Shutting down {0}', guests),
  failed: (guests) => t('Could not shut down {0}.', guests),
};

const DELETE: Words = {
  doing: (guests) => t('Deleting {0}', guests),
  failed: (guests) => t('Could not delete {0}.', guests),
};

const REBUILD: Words = {
  doing: (guests) => t('Rebuilding {0}', guests),
  failed: (guests) => t('Could not rebuild {0}.', guests),
};

/** How a person is asked before guests are removed. */
interface Removal {
  readonly button: () => string;
  readonly some: (guests: string) => string;
  readonly all: (environment: string) => string;
  readonly detail: () => string;
}

const DELETION: Removal = {
  button: () => t('Delete'),
  some: (guests) => t('Delete {0}?', guests),
  all: (environment) => t('Delete all guests of “{0}”?', environment),
  detail: () => t('These are deleted for good, with everything on their disks:'),
};

const REBUILDING: Removal = {
  button: () => t('Rebuild'),
  some: (guests) => t('Rebuild {0}?', guests),
  all: (environment) => t('Rebuild all guests of “{0}”?', environment),
  detail: () => t('These are deleted, with everything on their disks, and created anew:'),
};

/** Shuts guests down. Returns whether that went well. */
export async function downGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  return act(environments, target, SHUT_DOWN, stopAll, outer);
}

/** Shuts guests down and brings them up again, with what has changed meanwhile. */
export async function reloadGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  if (!(await downGuests(environments, target, outer))) return false;
  return upGuests(environments, target, outer);
}

/** Removes what Up made, after asking. */
export async function destroyGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  const environment = await readable(environments, target.entry);
  if (environment === undefined) return false;
  if (!(await confirmDestroy(environments, target, environment, DELETION))) return false;
  return act(environments, target, DELETE, destroyAll, outer);
}

/** Removes a guest that Up made and the file declares no more, after asking. */
export async function destroyDropped(environments: Environments, given: unknown): Promise<boolean> {
  const node = given as DroppedNode | undefined;
  if (node?.kind !== 'dropped') return false;
  const { entry, domain } = node;
  const { presenter } = environments.parts;
  try {
    const dropped = (await environments.findDropped(entry)).filter((each) => each.guest.domain === domain);
    if (!(await askToRemove(DELETION, DELETION.some(`“${domain}”`), linesOf(dropped)))) return false;
    await runOnEntry(environments, entry, t('Deleting {0}', domain), async () => {
      for (const each of dropped) await destroyGuest(each, environments.services(entry));
    });
    return true;
  } catch (error) {
    if (!isCancellation(error)) await presenter.failure(t('Could not delete {0}.', domain), error);
    return false;
  }
}

/** Makes guests anew from their source, after asking. */
export async function rebuildGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  const environment = await readable(environments, target.entry);
  if (environment === undefined) return false;
  if (!(await confirmDestroy(environments, target, environment, REBUILDING))) return false;
  if (!(await act(environments, target, REBUILD, destroyAll, outer))) return false;
  return upGuests(environments, target, outer);
}

interface Work {
  readonly environments: Environments;
  readonly target: Target;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

async function act(
  environments: Environments,
  target: Target,
  { doing, failed }: Words,
  work: (work: Work) => Promise<void>,
  outer: AbortSignal | undefined,
): Promise<boolean> {
  const { entry } = target;
  const environment = await readable(environments, entry);
  if (environment === undefined) return false;
  const subject = target.guests?.join(', ') ?? environment.name;
  try {
    await runOnEntry(
      environments,
      entry,
      doing(subject),
      (signal) => work({ environments, target, environment, signal }),
      outer,
    );
    return true;
  } catch (error) {
    if (!isCancellation(error)) void environments.parts.presenter.failure(failed(subject), error);
    return false;
  }
}

function ownGuests(environments: Environments, { entry, guests }: Target, environment: Environment) {
  const wanted = environment.guests.filter(({ name }) => guests?.includes(name) ?? true);
  return findOwnGuests(wanted, entry.id, (name) => environments.hosts.connect(name));
}

async function stopAll({ environments, target, environment, signal }: Work): Promise<void> {
  const services = environments.services(target.entry);
  const options = { signal, patienceMs: shutdownPatienceMs() };
  const own = await ownGuests(environments, target, environment);
  await Promise.all(own.map((each) => down(each, services, options)));
}

/** What is deleted: of a whole file also what it declares no more. */
async function removable(
  environments: Environments,
  target: Target,
  environment: Environment,
): Promise<{ readonly guests: readonly RemovableGuest[]; readonly hosts: readonly EnvironmentHost[] }> {
  const own = await ownGuests(environments, target, environment);
  if (target.guests !== undefined) return { guests: own, hosts: [] };
  const dropped = await environments.findDropped(target.entry);
  const named = await Promise.all(environment.guests.map(({ host }) => environments.hosts.connect(host)));
  return {
    guests: [...own, ...dropped],
    hosts: [...new Set([...named, ...dropped.map(({ host }) => host)])],
  };
}

async function destroyAll({ environments, target, environment, signal }: Work): Promise<void> {
  const services = environments.services(target.entry);
  const { guests, hosts } = await removable(environments, target, environment);
  // One after the other: the last one finds what no other needs any more.
  for (const each of guests) {
    signal.throwIfAborted();
    services.report(each.guest.name, { kind: 'stop' });
    await destroyGuest(each, services);
    await environments.rememberAcceleration(target.entry, each.guest.name, undefined);
  }
  for (const host of hosts) await destroyNetworks(target.entry.id, host);
}

/** Names all that will be gone. */
async function confirmDestroy(
  environments: Environments,
  target: Target,
  environment: Environment,
  removal: Removal,
): Promise<boolean> {
  const { presenter } = environments.parts;
  let lines: readonly string[];
  try {
    const { guests, hosts } = await removable(environments, target, environment);
    const networks = await Promise.all(hosts.map((host) => findOwnNetworks(target.entry.id, host)));
    lines = [...linesOf(guests), ...networks.flat().map(({ name }) => t('Network {0}', name))];
  } catch (error) {
    await presenter.failure(t('Could not read the guests of {0}.', environment.name), error);
    return false;
  }
  if (lines.length === 0) {
    if (removal === DELETION) void inform(t('There is nothing to delete: Up has created nothing.'));
    return removal === REBUILDING;
  }
  const question =
    target.guests === undefined
      ? removal.all(environment.name)
      : removal.some(target.guests.map((name) => `“${name}”`).join(', '));
  return askToRemove(removal, question, lines);
}

function linesOf(guests: readonly RemovableGuest[]): readonly string[] {
  return guests.flatMap(({ guest, host, found }) => [
    t('{0} on {1}', guest.domain, host.name),
    ...(found.record?.volumes ?? []).map(
      ({ name, pool }) => `    ${t('Volume {0} in pool {1}', name, pool)}`,
    ),
  ]);
}

async function askToRemove(removal: Removal, question: string, lines: readonly string[]): Promise<boolean> {
  const detail = [removal.detail(), '', ...lines].join('\n');
  const button = removal.button();
  return (await warn(question, { modal: true, detail }, button)) === button;
}
