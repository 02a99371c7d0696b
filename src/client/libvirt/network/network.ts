import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import { connectSupportsFeature } from '../../rpc/procedures/connect.ts';
import * as procedures from '../../rpc/procedures/network.ts';
import type { networkRef } from '../../rpc/types.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';
import { type IpAddress, ipAddresses } from '../ip-address.ts';

/** How a network is named in every call. */
export type NetworkRef = ValueOf<typeof networkRef>;

/** `virConnectListAllNetworksFlags`: a network must match one of each group that is named. */
export const ListNetworks = {
  INACTIVE: 1,
  ACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  AUTOSTART: 16,
  NO_AUTOSTART: 32,
} as const;

/** `virNetworkXMLFlags`: the definition, also while it runs with another configuration. */
export const NetworkXml = { INACTIVE: 1 } as const;

/** `virNetworkDefineFlags` and `virNetworkCreateFlags`: needs libvirt 7.7 or 7.8. */
export const DefineNetwork = { VALIDATE: 1 } as const;

/** `virNetworkUpdateCommand`. */
export const NetworkUpdate = { MODIFY: 1, DELETE: 2, ADD_LAST: 3, ADD_FIRST: 4 } as const;

/** `virNetworkUpdateSection`: the part of the XML that is changed. */
export const NetworkSection = {
  BRIDGE: 1,
  DOMAIN: 2,
  IP: 3,
  IP_DHCP_HOST: 4,
  IP_DHCP_RANGE: 5,
  FORWARD: 6,
  FORWARD_INTERFACE: 7,
  FORWARD_PF: 8,
  PORT_GROUP: 9,
  DNS_HOST: 10,
  DNS_TXT: 11,
  DNS_SRV: 12,
} as const;

const FEATURE_UPDATE_IN_ORDER = 16;
const EVENT_LIFECYCLE = 0;
const EVENTS = ['defined', 'undefined', 'started', 'stopped'] as const;

export interface DhcpLease extends IpAddress {
  /** The bridge. */
  readonly interface: string;
  /** In seconds since 1970. */
  readonly expiryTime: number;
  readonly mac: string | undefined;
  readonly iaid: string | undefined;
  readonly hostname: string | undefined;
  readonly clientId: string | undefined;
}

export interface NetworkChange {
  readonly command: number;
  readonly section: number;
  /** The element that stands for the section, such as `<host mac="…" ip="…"/>`. */
  readonly xml: string;
  /** Which of several parents is meant (the `<ip>` elements, for instance); -1 leaves it to libvirt. */
  readonly parentIndex?: number;
  /** `Affect`; without one, the running network or else the definition. */
  readonly flags?: number;
}

export interface NetworkEvent {
  readonly network: NetworkRef;
  readonly event: (typeof EVENTS)[number] | 'other';
}

/** The virtual networks of one connection. */
export class Networks {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;
  #updateInOrder: Promise<boolean> | undefined;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /** `virConnectListAllNetworks` with {@link ListNetworks} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly NetworkRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllNetworks, args, options)).items;
  }

  /** `virNetworkLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<NetworkRef> {
    return (await this.#rpc.call(procedures.networkLookupByName, { name }, options)).network;
  }

  /** `virNetworkLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<NetworkRef> {
    return (await this.#rpc.call(procedures.networkLookupByUuid, { uuid }, options)).network;
  }

  /** `virNetworkGetXMLDesc` with {@link NetworkXml} flags. */
  async xml(network: NetworkRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.networkGetXmlDesc, { network, flags }, options)).xml;
  }

  /** `virNetworkIsActive`. */
  async isActive(network: NetworkRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.networkIsActive, { network }, options)).active;
  }

  /** `virNetworkIsPersistent`. */
  async isPersistent(network: NetworkRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.networkIsPersistent, { network }, options)).persistent;
  }

  /** `virNetworkGetAutostart`. */
  async autostart(network: NetworkRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.networkGetAutostart, { network }, options)).autostart;
  }

  /** `virNetworkGetBridgeName`: an error for networks without a bridge. */
  async bridgeName(network: NetworkRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.networkGetBridgeName, { network }, options)).name;
  }

  /** `virNetworkGetDHCPLeases`: all, or those of one MAC address; one of something else than an IP address is left out. */
  async dhcpLeases(network: NetworkRef, mac?: string, options?: CallOptions): Promise<readonly DhcpLease[]> {
    const args = { network, mac, needResults: true, flags: 0 };
    const { items } = await this.#rpc.call(procedures.networkGetDhcpLeases, args, options);
    return items.flatMap(({ expiryTime, interface: bridge, mac: of, iaid, hostname, clientId, ...lease }) =>
      ipAddresses([lease]).map((address) => ({
        ...address,
        interface: bridge,
        expiryTime: Number(expiryTime),
        mac: of,
        iaid,
        hostname,
        clientId,
      })),
    );
  }

  /** `virNetworkDefineXMLFlags` with {@link DefineNetwork}: it is not started. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<NetworkRef> {
    // The call that takes flags came much later.
    const reply =
      flags === 0
        ? await this.#rpc.call(procedures.networkDefineXml, { xml }, options)
        : await this.#rpc.call(procedures.networkDefineXmlFlags, { xml, flags }, options);
    return reply.network;
  }

  /** `virNetworkCreateXMLFlags` with {@link DefineNetwork}: a transient network, running. */
  async createXml(xml: string, flags = 0, options?: CallOptions): Promise<NetworkRef> {
    const reply =
      flags === 0
        ? await this.#rpc.call(procedures.networkCreateXml, { xml }, options)
        : await this.#rpc.call(procedures.networkCreateXmlFlags, { xml, flags }, options);
    return reply.network;
  }

  /** `virNetworkCreate`: starts it. */
  async start(network: NetworkRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.networkCreate, { network }, options);
  }

  /** `virNetworkDestroy`: stops it; guests on it are cut off. */
  async destroy(network: NetworkRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.networkDestroy, { network }, options);
  }

  /** `virNetworkUndefine`. */
  async undefine(network: NetworkRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.networkUndefine, { network }, options);
  }

  /** `virNetworkSetAutostart`. */
  async setAutostart(network: NetworkRef, autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.networkSetAutostart, { network, autostart }, options);
  }

  /** `virNetworkUpdate`: changes one part without a restart. {@link NetworkUpdate}, {@link NetworkSection}. */
  async update(network: NetworkRef, change: NetworkChange, options?: CallOptions): Promise<void> {
    const { command, section, xml, parentIndex = -1, flags = 0 } = change;
    this.#updateInOrder ??= this.#supports(FEATURE_UPDATE_IN_ORDER).catch((error: unknown) => {
      // The next one asks again.
      this.#updateInOrder = undefined;
      throw error;
    });
    const order = (await this.#updateInOrder) ? { command, section } : { command: section, section: command };
    await this.#rpc.call(procedures.networkUpdate, { network, ...order, parentIndex, xml, flags }, options);
  }

  /** `virConnectNetworkEventRegisterAny` for `VIR_NETWORK_EVENT_ID_LIFECYCLE`: of all networks, or of one. */
  onLifecycle(listener: (event: NetworkEvent) => void, network?: NetworkRef): Promise<Unsubscribe> {
    const wiring = {
      message: procedures.networkEventLifecycle,
      register: () =>
        this.#rpc.call(procedures.connectNetworkEventRegisterAny, { eventId: EVENT_LIFECYCLE, network }),
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectNetworkEventDeregisterAny, { callbackId }),
    };
    return this.#sources.subscribe(network?.uuid ?? '', wiring, (message) =>
      listener({ network: message.network, event: EVENTS[message.event] ?? 'other' }),
    );
  }

  async #supports(feature: number): Promise<boolean> {
    return (await this.#rpc.call(connectSupportsFeature, { feature })).supported;
  }
}
