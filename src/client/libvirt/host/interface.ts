import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/interface.ts';

/** How a host interface is named in every call. */
export type InterfaceRef = ValueOf<typeof procedures.interfaceRef>;

/** `virConnectListAllInterfacesFlags`. */
export const ListInterfaces = { INACTIVE: 1, ACTIVE: 2 } as const;

/** `virInterfaceXMLFlags`: as configured, not as it is now. */
export const InterfaceXml = { INACTIVE: 1 } as const;

/** `virInterfaceDefineFlags`. */
export const DefineInterface = { VALIDATE: 1 } as const;

/** The network interfaces of the host itself. */
export class Interfaces {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virConnectListAllInterfaces` with {@link ListInterfaces} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly InterfaceRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllInterfaces, args, options)).items;
  }

  /** `virInterfaceLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<InterfaceRef> {
    return (await this.#rpc.call(procedures.interfaceLookupByName, { name }, options)).interface;
  }

  /** `virInterfaceLookupByMACString`: MULTIPLE_INTERFACES when several share it. */
  async lookupByMac(mac: string, options?: CallOptions): Promise<InterfaceRef> {
    return (await this.#rpc.call(procedures.interfaceLookupByMacString, { mac }, options)).interface;
  }

  /** `virInterfaceGetXMLDesc` with {@link InterfaceXml} flags. */
  async xml(ref: InterfaceRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.interfaceGetXmlDesc, { interface: ref, flags }, options)).xml;
  }

  /** `virInterfaceIsActive`. */
  async isActive(ref: InterfaceRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.interfaceIsActive, { interface: ref }, options)).active;
  }

  /** `virInterfaceDefineXML` with {@link DefineInterface}: changes the host's configuration. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<InterfaceRef> {
    return (await this.#rpc.call(procedures.interfaceDefineXml, { xml, flags }, options)).interface;
  }

  /** `virInterfaceUndefine`. */
  async undefine(ref: InterfaceRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceUndefine, { interface: ref }, options);
  }

  /** `virInterfaceCreate`: brings it up. */
  async start(ref: InterfaceRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceCreate, { interface: ref, flags: 0 }, options);
  }

  /** `virInterfaceDestroy`: takes it down. */
  async destroy(ref: InterfaceRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceDestroy, { interface: ref, flags: 0 }, options);
  }

  /** `virInterfaceChangeBegin`: until a commit, a rollback (or a reboot) brings back what is configured now. */
  async beginChange(options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceChangeBegin, { flags: 0 }, options);
  }

  /** `virInterfaceChangeCommit`. */
  async commitChange(options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceChangeCommit, { flags: 0 }, options);
  }

  /** `virInterfaceChangeRollback`. */
  async rollbackChange(options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.interfaceChangeRollback, { flags: 0 }, options);
  }
}
