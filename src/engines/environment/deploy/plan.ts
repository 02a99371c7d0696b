import { conciseChange } from './words.ts';
import type { DeclaredGuest, Environment } from '../file/model.ts';
import { writeBytes } from '../file/sizes.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { type Effect, effectOf, type Facets, facetsOf } from './facets.ts';
import { findGuest, type FoundGuest } from './find-guest.ts';
import { findNetwork, type FoundNetwork, networkFacets } from './networks.ts';

/** One difference between what the file has and what the host has. */
export interface Change {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly effect: Effect;
}

export interface GuestPlan {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly facets: Facets;
  readonly found: FoundGuest | undefined;
  /** Empty for one that is to be made. */
  readonly changes: readonly Change[];
}

export interface NetworkPlan {
  /** Its name in the file, and on the host. */
  readonly name: string;
  readonly hostName: string;
  readonly host: EnvironmentHost;
  readonly found: FoundNetwork | undefined;
  readonly changes: readonly Change[];
}

/** What Up would do. */
export interface EnvironmentPlan {
  readonly networks: readonly NetworkPlan[];
  readonly guests: readonly GuestPlan[];
}

/** The host of a guest; the same object for the same host. */
export type FindHost = (name: string | undefined) => Promise<EnvironmentHost>;

/** Compares a file with its hosts, and changes nothing. `only` are the names of the guests that matter. */
export async function planEnvironment(
  environment: Environment,
  findHost: FindHost,
  only?: readonly string[],
): Promise<EnvironmentPlan> {
  const wanted = withDependencies(environment, only);
  const guests = await Promise.all(
    wanted.map(async (guest): Promise<GuestPlan> => {
      const host = await findHost(guest.host);
      const [facets, found] = await Promise.all([facetsOf(guest), findGuest(host.connection, guest.domain)]);
      return {
        guest,
        host,
        facets,
        found,
        changes: found === undefined ? [] : changesOf(facets, found, guest),
      };
    }),
  );
  return { guests, networks: await planNetworks(environment, guests) };
}

/** Whether there is anything to do at all. */
export function isDone({ found, changes }: GuestPlan): boolean {
  return found !== undefined && found.running && found.progress.ready && changes.length === 0;
}

/** A guest with all that it depends on, those first that others depend on. */
function withDependencies(environment: Environment, only?: readonly string[]): readonly DeclaredGuest[] {
  const byName = new Map(environment.guests.map((guest) => [guest.name, guest]));
  const ordered = new Set<DeclaredGuest>();
  const add = (name: string, way: readonly string[]) => {
    const guest = byName.get(name);
    if (guest === undefined || way.includes(name)) return;
    for (const other of guest.dependsOn) add(other, [...way, name]);
    ordered.add(guest);
  };
  for (const name of only ?? byName.keys()) add(name, []);
  return [...ordered];
}

async function planNetworks(
  environment: Environment,
  guests: readonly GuestPlan[],
): Promise<readonly NetworkPlan[]> {
  const plans = new Map<string, Promise<NetworkPlan>>();
  for (const { guest, host } of guests)
    for (const { to } of guest.networks ?? []) {
      if (to.kind !== 'own') continue;
      const declared = environment.networks.find((network) => network.name === to.network);
      if (declared === undefined) continue;
      const key = `${host.name}\0${to.network}`;
      if (plans.has(key)) continue;
      const hostName = networkNameOf(environment, to.network);
      const plan = findNetwork(host.connection, hostName).then((found): NetworkPlan => {
        const changes =
          found === undefined ? [] : difference(networkFacets(declared), found.record?.facets ?? new Map());
        return { name: to.network, hostName, host, found, changes };
      });
      plans.set(key, plan);
    }
  return Promise.all(plans.values());
}

/** What a network of the file is called on a host. */
export function networkNameOf(environment: Environment, network: string): string {
  return `${environment.name}-${network}`;
}

function changesOf(facets: Facets, found: FoundGuest, guest: DeclaredGuest): readonly Change[] {
  const changes = difference(facets, found.record?.facets ?? new Map());
  const drift = (key: string, has: number | undefined, wanted: number, write: (value: number) => string) => {
    if (has === undefined || has === wanted || changes.some((change) => change.key === key)) return;
    // An XML patch has the last word.
    if (guest.xml !== undefined) return;
    changes.push({
      key,
      from: `${write(has)} (changed by another program)`,
      to: write(wanted),
      effect: effectOf(key, facets),
    });
  };
  drift('memory', found.memoryKiB, guest.memoryKiB, (kib) => writeBytes(kib * 1024));
  drift('cpus', found.cpus, guest.cpus, String);
  return changes;
}

function difference(wanted: Facets, has: Facets): Change[] {
  const keys = [...new Set([...has.keys(), ...wanted.keys()])];
  return keys
    .map((key) => ({ key, from: has.get(key), to: wanted.get(key), effect: effectOf(key, wanted) }))
    .filter(({ from, to }) => from !== to);
}

/** How the hosts are now, or would be after Up, as text: to be shown side by side. */
export function planText({ networks, guests }: EnvironmentPlan, side: 'now' | 'then'): string {
  const lines: string[] = [];
  for (const { hostName, host, found } of networks)
    if (side === 'then' || found !== undefined)
      lines.push(
        `network ${hostName} on ${host.name}: ${side === 'then' || found?.active === true ? 'active' : 'inactive'}`,
      );
  for (const plan of guests) lines.push(...guestLines(plan, side));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function guestLines(
  { guest, host, facets, found, changes }: GuestPlan,
  side: 'now' | 'then',
): readonly string[] {
  if (side === 'now' && found === undefined) return [];
  const state = side === 'then' ? 'running' : found?.running === true ? 'running' : 'shut off';
  const shown = new Map(side === 'then' ? facets : found?.record?.facets);
  for (const { key, from } of side === 'now' ? changes : []) if (from !== undefined) shown.set(key, from);
  return [
    `${guest.domain} on ${host.name}: ${state}`,
    ...[...shown].map(
      ([key, text]) => `    ${key}: ${text}${side === 'then' ? noteOf(key, { found, changes }) : ''}`,
    ),
    '',
  ];
}

function noteOf(key: string, { found, changes }: Pick<GuestPlan, 'found' | 'changes'>): string {
  const change = changes.find((each) => each.key === key);
  return change === undefined || found === undefined ? '' : conciseChange(change.effect, found.running);
}
