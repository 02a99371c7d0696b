import { networkInterfaces } from 'node:os';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { NetworkRef } from '../../../client/libvirt/network/network.ts';
import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { DeclaredNetwork } from '../file/model.ts';
import type { EnvironmentHost } from './environment-host.ts';
import type { Facets } from './facets.ts';
import { type GuestRecord, recordElement, recordIn } from './record.ts';

export interface FoundNetwork {
  readonly ref: NetworkRef;
  readonly active: boolean;
  /** Undefined for one that no kvm.yaml made. */
  readonly record: GuestRecord | undefined;
}

export async function findNetwork(connection: Connection, name: string): Promise<FoundNetwork | undefined> {
  const { networks } = connection;
  try {
    const ref = await networks.lookupByName(name);
    const [active, xml] = await Promise.all([networks.isActive(ref), networks.xml(ref)]);
    return { ref, active, record: recordIn(xml) };
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_NETWORK, ErrorCode.NO_SUPPORT)) return undefined;
    throw error;
  }
}

export function networkFacets({ mode, subnet, bridge }: DeclaredNetwork): Facets {
  const facets: [string, string][] = [['mode', mode]];
  if (subnet !== undefined) facets.push(['subnet', subnet]);
  if (bridge !== undefined) facets.push(['bridge', bridge]);
  return new Map(facets);
}

/** Creates the network, or brings it up to date, and starts it. */
export async function ensureNetwork(
  host: EnvironmentHost,
  name: string,
  declared: DeclaredNetwork,
  owner: { readonly id: string; readonly file: string },
  signal: AbortSignal,
): Promise<void> {
  const { networks } = host.connection;
  const found = await findNetwork(host.connection, name);
  const facets = networkFacets(declared);
  if (found !== undefined && same(found.record?.facets, facets)) {
    const error = found.active ? undefined : await failureOf(networks.start(found.ref, { signal }));
    if (error === undefined) return known(host, found.ref);
    // A daemon that died in the middle leaves a bridge that no start gets past: defined anew, it may have another.
    if (!isLibvirtError(error) || declared.bridge !== undefined || signal.aborted) throw error;
  }
  if (found?.active === true) await networks.destroy(found.ref, { signal });
  if (found !== undefined) await networks.undefine(found.ref, { signal });
  const subnet = declared.subnet ?? (await freeSubnet(host));
  const record = recordElement({ ...owner, guest: declared.name, facets, volumes: [] });
  const ref = await networks.defineXml(networkXml(name, declared, subnet, record), 0, { signal });
  await networks.start(ref, { signal });
  await known(host, ref);
}

/** Whoever looks at the host's networks sees it as it is now. */
async function known({ host }: EnvironmentHost, { uuid }: NetworkRef): Promise<void> {
  await host.refresh({ kind: 'network', key: uuid }).catch(() => undefined);
}

function failureOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export async function removeNetwork(connection: Connection, { ref, active }: FoundNetwork): Promise<void> {
  if (active) await connection.networks.destroy(ref);
  await connection.networks.undefine(ref);
}

function same(a: Facets | undefined, b: Facets): boolean {
  return a !== undefined && JSON.stringify([...a]) === JSON.stringify([...b]);
}

function networkXml(
  name: string,
  { mode, bridge }: DeclaredNetwork,
  subnet: string,
  record: ReturnType<typeof recordElement>,
): string {
  const [address = '', length = '24'] = subnet.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(toNumber(address) / size) * size;
  return writeXml(
    element(
      'network',
      {},
      element('name', {}, name),
      element('metadata', {}, record),
      mode === 'isolated' ? undefined : element('forward', { mode }),
      bridge === undefined ? undefined : element('bridge', { name: bridge, stp: 'on', delay: 0 }),
      element(
        'ip',
        { address: toAddress(first + 1), prefix: length },
        element(
          'dhcp',
          {},
          element('range', { start: toAddress(first + 2), end: toAddress(first + size - 2) }),
        ),
      ),
    ),
  );
}

/** The first of some subnets that no network of the host and no interface of this machine uses. */
async function freeSubnet({ connection, isLocal }: EnvironmentHost): Promise<string> {
  const taken = new Set<string>();
  for (const network of await connection.networks.list()) {
    const xml = child(parseXml(await connection.networks.xml(network)), 'network');
    for (const ip of children(xml, 'ip')) taken.add(prefixOf(text(ip, '@address') ?? ''));
  }
  if (isLocal)
    for (const addresses of Object.values(networkInterfaces()))
      for (const { address } of addresses ?? []) taken.add(prefixOf(address));
  for (let third = 150; third < 255; third += 1) {
    const prefix = `192.168.${third}`;
    if (!taken.has(prefix)) return `${prefix}.0/24`;
  }
  throw new Error(
    t('No subnet from 192.168.150.0/24 upwards is free: set “subnet” of the network in kvm.yaml'),
  );
}

function prefixOf(address: string): string {
  return address.split('.').slice(0, 3).join('.');
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
