import { t } from '@vscode/l10n';
import { effectComment } from './words.ts';
import type { DeclaredGuest, Environment } from '../file/model.ts';
import { writeBytes } from '../file/sizes.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { type Effect, effectOf, type Facets, facetsOf } from './facets.ts';
import { findGuest, type FoundGuest } from './find-guest.ts';
import { findNetwork, type FoundNetwork, networkFacets } from './networks.ts';

/** One difference between the file and the host. */
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
  /** Empty for a guest that does not exist yet. */
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
  const guests = await Promise.all(wanted.map(async (guest) => planGuest(guest, await findHost(guest.host))));
  return { guests, networks: await planNetworks(environment, guests) };
}

/** Compares one guest with its host. */
export async function planGuest(guest: DeclaredGuest, host: EnvironmentHost): Promise<GuestPlan> {
  const [facets, found] = await Promise.all([facetsOf(guest), findGuest(host.connection, guest.domain)]);
  const changes = found === undefined ? [] : changesOf(facets, found, guest);
  return { guest, host, facets, found, changes };
}

/** Whether there is anything to do at all. */
export function isDone({ found, changes }: GuestPlan): boolean {
  return found !== undefined && found.running && found.progress.ready && changes.length === 0;
}

/** The guests and all that they depend on, dependencies first. */
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
      from: t('{0} (changed by another program)', write(has)),
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

/** The state of the hosts now, or after Up, as a text that can be compared side by side. */
export function planText({ networks, guests }: EnvironmentPlan, side: 'now' | 'then'): string {
  const lines: string[] = [];
  for (const { hostName, host, found } of networks)
    if (side === 'then' || found !== undefined)
      lines.push(
        side === 'then' || found?.active === true
          ? t('network {0} on {1}: active', hostName, host.name)
          : t('network {0} on {1}: inactive', hostName, host.name),
      );
  for (const plan of guests) lines.push(...guestLines(plan, side));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function guestLines(
  { guest, host, facets, found, changes }: GuestPlan,
  side: 'now' | 'then',
): readonly string[] {
  if (side === 'now' && found === undefined) return [];
  const runs = side === 'then' || found?.running === true;
  const shown = new Map(side === 'then' ? facets : found?.record?.facets);
  for (const { key, from } of side === 'now' ? changes : []) if (from !== undefined) shown.set(key, from);
  return [
    runs
      ? t('{0} on {1}: running', guest.domain, host.name)
      : t('{0} on {1}: shut off', guest.domain, host.name),
    ...[...shown].map(
      ([key, text]) => `    ${key}: ${text}${side === 'then' ? noteOf(key, { found, changes }) : ''}`,
    ),
    '',
  ];
}

function noteOf(key: string, { found, changes }: Pick<GuestPlan, 'found' | 'changes'>): string {
  const change = changes.find((each) => each.key === key);
  if (change === undefined || found === undefined) return '';
  const comment = effectComment(change.effect, found.running);
  return comment === undefined ? '' : `    ${comment}`;
}
