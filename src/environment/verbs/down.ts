import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { destroyGuest, destroyNetworks, down, findOwnGuests, type OwnGuest } from '../deploy/down.ts';
import { networkNameOf } from '../deploy/plan.ts';
import type { Environment } from '../file/model.ts';
import { shutdownPatienceMs } from '../settings.ts';
import type { Environments } from '../workspace/environments.ts';
import { runOnEntry } from './run.ts';
import { readable, type Target } from './targets.ts';
import { upGuests } from './up.ts';

/** Shuts guests down. Returns whether that went well. */
export async function downGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  return act(environments, target, { title: 'Down', infinitive: 'shut down' }, stopAll, outer);
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
  const environment = await readable(target.entry);
  if (environment === undefined) return false;
  if (!(await confirmDestroy(environments, target, environment, 'Destroy'))) return false;
  return act(environments, target, { title: 'Destroy', infinitive: 'destroy' }, destroyAll, outer);
}

/** Makes guests anew from their source, after asking. */
export async function rebuildGuests(
  environments: Environments,
  target: Target,
  outer?: AbortSignal,
): Promise<boolean> {
  const environment = await readable(target.entry);
  if (environment === undefined) return false;
  if (!(await confirmDestroy(environments, target, environment, 'Rebuild'))) return false;
  if (!(await act(environments, target, { title: 'Rebuild', infinitive: 'rebuild' }, destroyAll, outer)))
    return false;
  return upGuests(environments, target, outer);
}

interface Work {
  readonly environments: Environments;
  readonly target: Target;
  readonly environment: Environment;
  readonly own: readonly OwnGuest[];
  readonly signal: AbortSignal;
}

async function act(
  environments: Environments,
  target: Target,
  { title, infinitive }: { title: string; infinitive: string },
  work: (work: Work) => Promise<void>,
  outer: AbortSignal | undefined,
): Promise<boolean> {
  const { entry } = target;
  const environment = await readable(entry);
  if (environment === undefined) return false;
  const subject = target.guests?.join(', ') ?? environment.name;
  try {
    await runOnEntry(
      environments,
      entry,
      `${title}: ${subject}`,
      async (signal) => {
        const own = await ownGuests(environments, target, environment);
        await work({ environments, target, environment, own, signal });
      },
      outer,
    );
    return true;
  } catch (error) {
    if (!isCancellation(error))
      await environments.parts.presenter.failure(`Could not ${infinitive} ${subject}`, error);
    return false;
  }
}

function ownGuests(environments: Environments, { entry, guests }: Target, environment: Environment) {
  const wanted = environment.guests.filter(({ name }) => guests?.includes(name) ?? true);
  return findOwnGuests(wanted, entry.id, (name) => environments.hosts.connect(name));
}

async function stopAll({ environments, target, own, signal }: Work): Promise<void> {
  const services = environments.services(target.entry);
  const options = { signal, patienceMs: shutdownPatienceMs() };
  await Promise.all(own.map((each) => down(each, services, options)));
}

async function destroyAll({ environments, target, environment, own, signal }: Work): Promise<void> {
  const services = environments.services(target.entry);
  // One after the other: the last one finds what no other needs any more.
  for (const each of own) {
    signal.throwIfAborted();
    services.report(each.guest.name, { kind: 'stop' });
    await destroyGuest(each, services);
  }
  if (target.guests !== undefined) return;
  const hosts = new Set(
    await Promise.all(environment.guests.map(({ host }) => environments.hosts.connect(host))),
  );
  for (const host of hosts) await destroyNetworks(environment, target.entry.id, host);
}

/** Names all that will be gone. */
async function confirmDestroy(
  environments: Environments,
  target: Target,
  environment: Environment,
  action: 'Destroy' | 'Rebuild',
): Promise<boolean> {
  const { presenter } = environments.parts;
  let own: readonly OwnGuest[];
  try {
    own = await ownGuests(environments, target, environment);
  } catch (error) {
    await presenter.failure(`Could not look at ${environment.name}`, error);
    return false;
  }
  const networks = target.guests === undefined && action === 'Destroy' ? environment.networks : [];
  if (own.length === 0 && networks.length === 0) {
    if (action === 'Destroy')
      void vscode.window.showInformationMessage('There is nothing to destroy: Up has made nothing.');
    return action === 'Rebuild';
  }
  const lines = own.flatMap(({ guest, host, found }) => [
    `${guest.domain} on ${host.name}`,
    ...(found.record?.volumes ?? []).map(({ name, pool }) => `    volume ${name} in pool ${pool}`),
  ]);
  const detail = [
    action === 'Destroy'
      ? 'These are removed for good, with all that is on their disks:'
      : 'These are removed, with all that is on their disks, and made anew:',
    '',
    ...lines,
    ...networks.map(({ name }) => `network ${networkNameOf(environment, name)}`),
  ].join('\n');
  const subject =
    target.guests?.map((name) => `“${name}”`).join(', ') ?? `all guests of “${environment.name}”`;
  return (
    (await vscode.window.showWarningMessage(`${action} ${subject}?`, { modal: true, detail }, action)) ===
    action
  );
}
