import type { Connection } from '../../../../client/libvirt/connect.ts';
import { NetworkXml } from '../../../../client/libvirt/network/network.ts';
import { ListNodeDevices } from '../../../../client/libvirt/host/node-device.ts';
import { ListPools, PoolXml } from '../../../../client/libvirt/storage/pool.ts';
import { parseDocument } from '../../../../language/xml/parse.ts';
import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type XmlElement,
} from '../../../../language/xml/tree.ts';
import { readGuests, type GuestFacts } from './guest-facts.ts';

export interface NetworkFacts {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly bridge: string | undefined;
  readonly portgroups: readonly string[];
}

export interface PoolFacts {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  /** Its folder, for pools of files. */
  readonly folder: string | undefined;
  /** Undefined as long as the pool is not active: nobody knows what is in it. */
  readonly volumes: readonly { readonly name: string; readonly path: string }[] | undefined;
}

export interface HostDevice {
  /** libvirt's name, such as `pci_0000_00_1f_2`. */
  readonly name: string;
  /** For a person: the maker and what it is. */
  readonly label: string;
  readonly pci?: {
    readonly domain: string;
    readonly bus: string;
    readonly slot: string;
    readonly function: string;
  };
  readonly usb?: { readonly vendor: string; readonly product: string };
}

/** What a domain can refer to on a host, as it was when it was last read. */
export interface HostFacts {
  readonly networks: readonly NetworkFacts[];
  readonly pools: readonly PoolFacts[];
  readonly interfaces: readonly string[];
  readonly secrets: readonly { readonly uuid: string; readonly usage: string }[];
  readonly filters: readonly string[];
  readonly devices: readonly HostDevice[];
  readonly guests: readonly GuestFacts[];
}

/** Hosts with more devices than these list only the first. */
const MAX_DEVICES = 300;

/** Reads it all; what a driver does not have, or refuses, is empty. */
export async function readHostFacts(connection: Connection, signal: AbortSignal): Promise<HostFacts> {
  const options = { signal };
  const [networks, pools, interfaces, secrets, filters, devices, guests] = await Promise.all([
    orNone(readNetworks(connection, signal)),
    orNone(readPools(connection, signal)),
    orNone(connection.interfaces.list(0, options)),
    orNone(connection.secrets.list(0, options)),
    orNone(connection.networkFilters.list(options)),
    orNone(readDevices(connection, signal)),
    orNone(connection.capabilities(options).then(readGuests)),
  ]);
  signal.throwIfAborted();
  return {
    networks,
    pools,
    interfaces: interfaces.map(({ name }) => name),
    secrets: secrets.map((secret) => ({ uuid: secret.uuid, usage: secret.usageId })),
    filters: filters.map(({ name }) => name),
    devices,
    guests,
  };
}

async function orNone<T>(reading: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await reading;
  } catch {
    return [];
  }
}

async function readNetworks({ networks }: Connection, signal: AbortSignal): Promise<NetworkFacts[]> {
  const all = await networks.list(0, { signal });
  return Promise.all(
    all.map(async (network) => {
      const [active, xml] = await Promise.all([
        networks.isActive(network, { signal }),
        networks
          .xml(network, 0, { signal })
          .catch(() => networks.xml(network, NetworkXml.INACTIVE, { signal })),
      ]);
      const { root } = parseDocument(xml);
      const bridge = root && childElement(root, 'bridge');
      const groups = root === undefined ? [] : childElements(root).filter(({ key }) => key === 'portgroup');
      return {
        name: network.name,
        uuid: network.uuid,
        active,
        bridge: bridge && attributeOf(bridge, 'name')?.value,
        portgroups: groups.map((group) => attributeOf(group, 'name')?.value ?? ''),
      };
    }),
  );
}

async function readPools({ storagePools }: Connection, signal: AbortSignal): Promise<PoolFacts[]> {
  const [all, running] = await Promise.all([
    storagePools.list(0, { signal }),
    storagePools.list(ListPools.ACTIVE, { signal }),
  ]);
  const active = new Set(running.map(({ uuid }) => uuid));
  return Promise.all(
    all.map(async (pool) => {
      const isActive = active.has(pool.uuid);
      const [xml, volumes] = await Promise.all([
        storagePools.xml(pool, isActive ? 0 : PoolXml.INACTIVE, { signal }),
        isActive ? storagePools.volumes(pool, { signal }) : undefined,
      ]);
      const { root } = parseDocument(xml);
      const target = root && childElement(root, 'target');
      const path = target && childElement(target, 'path');
      return {
        name: pool.name,
        uuid: pool.uuid,
        active: isActive,
        folder: root && attributeOf(root, 'type')?.value === 'dir' && path ? textOf(path).trim() : undefined,
        volumes: volumes?.map(({ name, key }) => ({ name, path: key })),
      };
    }),
  );
}

async function readDevices({ nodeDevices }: Connection, signal: AbortSignal): Promise<HostDevice[]> {
  const flags = ListNodeDevices.PCI | ListNodeDevices.USB;
  const names = (await nodeDevices.list(flags, { signal })).slice(0, MAX_DEVICES);
  const found = await Promise.all(
    names.map(async (name) => {
      const { root } = parseDocument(await nodeDevices.xml(name, { signal }));
      return root === undefined ? undefined : readDevice(name, root);
    }),
  );
  return found.filter((device) => device !== undefined);
}

function readDevice(name: string, root: XmlElement): HostDevice | undefined {
  const capability = childElement(root, 'capability');
  if (capability === undefined) return undefined;
  const part = (key: string) => {
    const child = childElement(capability, key);
    return child === undefined ? '' : textOf(child).trim();
  };
  const id = (key: string) => {
    const child = childElement(capability, key);
    return child === undefined ? '' : (attributeOf(child, 'id')?.value ?? '');
  };
  const label = [part('vendor'), part('product')].filter((each) => each !== '').join(' ') || name;
  const type = attributeOf(capability, 'type')?.value;
  if (type === 'usb_device') return { name, label, usb: { vendor: id('vendor'), product: id('product') } };
  if (type !== 'pci') return undefined;
  const hex = (key: string, digits: number) => `0x${Number(part(key)).toString(16).padStart(digits, '0')}`;
  return {
    name,
    label,
    pci: { domain: hex('domain', 4), bus: hex('bus', 2), slot: hex('slot', 2), function: hex('function', 1) },
  };
}
