import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/network-port.ts';
import type { TypedParameter } from '../../rpc/types.ts';
import type { NetworkRef } from './network.ts';
import { ParameterTree } from '../parameters.ts';

/** How a port is named in every call: its network, and its UUID. */
export type NetworkPortRef = ValueOf<typeof procedures.networkPortRef>;

/** `virNetworkPortCreateFlags`. */
export const CreatePort = {
  /** Takes over what the network keeps for that port already. */
  RECLAIM: 1,
  VALIDATE: 2,
} as const;

/** Average and peak in KiB/s, burst in KiB, `floor` (what is guaranteed) in KiB/s; 0 or undefined is no limit. */
export interface Bandwidth {
  readonly average?: number | undefined;
  readonly peak?: number | undefined;
  readonly burst?: number | undefined;
  readonly floor?: number | undefined;
}

export interface PortBandwidth {
  readonly inbound: Bandwidth;
  /** Without `floor`. */
  readonly outbound: Bandwidth;
}

/** The ports of virtual networks: what guests' interfaces are plugged into. */
export class NetworkPorts {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virNetworkListAllPorts`. */
  async list(network: NetworkRef, options?: CallOptions): Promise<readonly NetworkPortRef[]> {
    const args = { network, needResults: true, flags: 0 };
    return (await this.#rpc.call(procedures.networkListAllPorts, args, options)).items;
  }

  /** `virNetworkPortLookupByUUID`. */
  async lookupByUuid(network: NetworkRef, uuid: string, options?: CallOptions): Promise<NetworkPortRef> {
    return (await this.#rpc.call(procedures.networkPortLookupByUuid, { network, uuid }, options)).port;
  }

  /** `virNetworkPortGetXMLDesc`. */
  async xml(port: NetworkPortRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.networkPortGetXmlDesc, { port, flags: 0 }, options)).xml;
  }

  /** `virNetworkPortCreateXML` with {@link CreatePort} flags: what drivers do when a guest starts. */
  async create(network: NetworkRef, xml: string, flags = 0, options?: CallOptions): Promise<NetworkPortRef> {
    return (await this.#rpc.call(procedures.networkPortCreateXml, { network, xml, flags }, options)).port;
  }

  /** `virNetworkPortDelete`. */
  async delete(port: NetworkPortRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.networkPortDelete, { port, flags: 0 }, options);
  }

  /** `virNetworkPortGetParameters`. */
  async bandwidth(port: NetworkPortRef, options?: CallOptions): Promise<PortBandwidth> {
    const args = { port, count: 0, flags: 0 };
    const { parameters } = await this.#rpc.call(procedures.networkPortGetParameters, args, options);
    const tree = new ParameterTree(parameters);
    const read = (direction: string): Bandwidth => ({
      average: tree.number(direction, 'average'),
      peak: tree.number(direction, 'peak'),
      burst: tree.number(direction, 'burst'),
      floor: tree.number(direction, 'floor'),
    });
    return { inbound: read('inbound'), outbound: read('outbound') };
  }

  /** `virNetworkPortSetParameters`: what is left out of a direction that has an average is no limit. */
  async setBandwidth(
    port: NetworkPortRef,
    bandwidth: Partial<PortBandwidth>,
    options?: CallOptions,
  ): Promise<void> {
    const parameters = [
      ...bandwidthParameters('inbound', bandwidth.inbound),
      ...bandwidthParameters('outbound', bandwidth.outbound),
    ];
    await this.#rpc.call(procedures.networkPortSetParameters, { port, parameters, flags: 0 }, options);
  }
}

function bandwidthParameters(direction: string, bandwidth: Bandwidth = {}): readonly TypedParameter[] {
  return Object.entries(bandwidth).flatMap(([name, value]: [string, number | undefined]) =>
    value === undefined ? [] : [{ field: `${direction}.${name}`, type: 'uint' as const, value }],
  );
}
