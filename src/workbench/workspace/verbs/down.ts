import * as vscode from 'vscode';
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

/** Shuts guests down. Returns whether that went well. */
export async function downGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  return act(environments, target, { doing: 'Shutting down', infinitive: 'shut down' }, stopAll, outer);
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
  if (!(await confirmDestroy(environments, target, environment, 'Delete'))) return false;
  return act(environments, target, { doing: 'Deleting', infinitive: 'delete' }, destroyAll, outer);
}

/** Removes a guest that Up made and the file declares no more, after asking. */
export async function destroyDropped(environments: Environments, given: unknown): Promise<boolean> {
  const node = given as DroppedNode | undefined;
  if (node?.kind !== 'dropped') return false;
  const { entry, domain } = node;
  const { presenter } = environments.parts;
  try {
    const dropped = (await environments.findDropped(entry)).filter((each) => each.guest.domain === domain);
    if (!(await askToRemove('Delete', `“${domain}”`, linesOf(dropped)))) return false;
    await runOnEntry(environments, entry, `Deleting ${domain}`, async () => {
      for (const each of dropped) await destroyGuest(each, environments.services(entry));
    });
    return true;
  } catch (error) {
    if (!isCancellation(error)) await presenter.failure(`Could not delete ${domain}`, error);
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
  if (!(await confirmDestroy(environments, target, environment, 'Rebuild'))) return false;
  if (!(await act(environments, target, { doing: 'Rebuilding', infinitive: 'rebuild' }, destroyAll, outer)))
    return false;
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
  { doing, infinitive }: { doing: string; infinitive: string },
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
      `${doing} ${subject}`,
      (signal) => work({ environments, target, environment, signal }),
      outer,
    );
    return true;
  } catch (error) {
    if (!isCancellation(error))
      void environments.parts.presenter.failure(`Could not ${infinitive} ${subject}`, error);
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
  action: 'Delete' | 'Rebuild',
): Promise<boolean> {
  const { presenter } = environments.parts;
  let lines: readonly string[];
  try {
    const { guests, hosts } = await removable(environments, target, environment);
    const networks = await Promise.all(hosts.map((host) => findOwnNetworks(target.entry.id, host)));
    lines = [...linesOf(guests), ...networks.flat().map(({ name }) => `network ${name}`)];
  } catch (error) {
    await presenter.failure(`Could not look at ${environment.name}`, error);
    return false;
  }
  if (lines.length === 0) {
    if (action === 'Delete')
      void vscode.window.showInformationMessage('There is nothing to delete: Up has made nothing.');
    return action === 'Rebuild';
  }
  const subject =
    target.guests?.map((name) => `“${name}”`).join(', ') ?? `all guests of “${environment.name}”`;
  return askToRemove(action, subject, lines);
}

function linesOf(guests: readonly RemovableGuest[]): readonly string[] {
  return guests.flatMap(({ guest, host, found }) => [
    `${guest.domain} on ${host.name}`,
    ...(found.record?.volumes ?? []).map(({ name, pool }) => `    volume ${name} in pool ${pool}`),
  ]);
}

async function askToRemove(
  action: 'Delete' | 'Rebuild',
  subject: string,
  lines: readonly string[],
): Promise<boolean> {
  const detail = [
    action === 'Delete'
      ? 'These are deleted for good, with all that is on their disks:'
      : 'These are deleted, with all that is on their disks, and made anew:',
    '',
    ...lines,
  ].join('\n');
  const question = `${action} ${subject}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}
