import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/network-filter.ts';

/** How a filter is named in every call. */
export type NetworkFilterRef = ValueOf<typeof procedures.filterRef>;

/** How the use of a filter is named in every call: the guest's device on the host, and the filter. */
export type FilterBindingRef = ValueOf<typeof procedures.filterBindingRef>;

/** `virNWFilterDefineFlags` and `virNWFilterBindingCreateFlags`. */
export const DefineFilter = { VALIDATE: 1 } as const;

/** The network filters of one connection, and what they are bound to. */
export class NetworkFilters {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virConnectListAllNWFilters`. */
  async list(options?: CallOptions): Promise<readonly NetworkFilterRef[]> {
    const args = { needResults: true, flags: 0 };
    return (await this.#rpc.call(procedures.connectListAllNwfilters, args, options)).items;
  }

  /** `virNWFilterLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<NetworkFilterRef> {
    return (await this.#rpc.call(procedures.nwfilterLookupByName, { name }, options)).filter;
  }

  /** `virNWFilterLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<NetworkFilterRef> {
    return (await this.#rpc.call(procedures.nwfilterLookupByUuid, { uuid }, options)).filter;
  }

  /** `virNWFilterGetXMLDesc`. */
  async xml(filter: NetworkFilterRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nwfilterGetXmlDesc, { filter, flags: 0 }, options)).xml;
  }

  /** `virNWFilterDefineXMLFlags` with {@link DefineFilter}: guests that use it follow at once. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<NetworkFilterRef> {
    // The call that takes flags came much later.
    const reply =
      flags === 0
        ? await this.#rpc.call(procedures.nwfilterDefineXml, { xml }, options)
        : await this.#rpc.call(procedures.nwfilterDefineXmlFlags, { xml, flags }, options);
    return reply.filter;
  }

  /** `virNWFilterUndefine`: not while it is in use. */
  async undefine(filter: NetworkFilterRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nwfilterUndefine, { filter }, options);
  }

  // Bindings

  /** `virConnectListAllNWFilterBindings`. */
  async bindings(options?: CallOptions): Promise<readonly FilterBindingRef[]> {
    const args = { needResults: true, flags: 0 };
    return (await this.#rpc.call(procedures.connectListAllNwfilterBindings, args, options)).items;
  }

  /** `virNWFilterBindingLookupByPortDev`: of a device such as `vnet0`. */
  async lookupBinding(portDevice: string, options?: CallOptions): Promise<FilterBindingRef> {
    return (await this.#rpc.call(procedures.nwfilterBindingLookupByPortDev, { portDevice }, options)).binding;
  }

  /** `virNWFilterBindingGetXMLDesc`. */
  async bindingXml(binding: FilterBindingRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nwfilterBindingGetXmlDesc, { binding, flags: 0 }, options)).xml;
  }

  /** `virNWFilterBindingCreateXML` with {@link DefineFilter}. */
  async createBinding(xml: string, flags = 0, options?: CallOptions): Promise<FilterBindingRef> {
    return (await this.#rpc.call(procedures.nwfilterBindingCreateXml, { xml, flags }, options)).binding;
  }

  /** `virNWFilterBindingDelete`: the device is no longer filtered. */
  async deleteBinding(binding: FilterBindingRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nwfilterBindingDelete, { binding }, options);
  }
}
