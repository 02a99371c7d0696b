import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain-devices.ts';
import type { DomainRef } from './domain.ts';
import { ParameterTree } from '../parameters.ts';

/** `virDomainDeviceModifyFlags` beyond `Affect`. */
export const ChangeDevice = { LIVE: 1, CONFIG: 2, FORCE: 4 } as const;

/** `virDomainVcpuFlags`. */
export const Vcpus = {
  LIVE: 1,
  CONFIG: 2,
  /** How many there may be instead of how many there are. */
  MAXIMUM: 4,
  /** Switched on and off inside the guest, by its agent. */
  GUEST: 8,
  HOTPLUGGABLE: 16,
} as const;

/** `virDomainMemoryModFlags`. */
export const Memory = {
  LIVE: 1,
  CONFIG: 2,
  /** How much there may be instead of how much there is. */
  MAXIMUM: 4,
} as const;

/** The agent's view of vCPUs, each a list such as `0-3,5`. */
export interface GuestVcpus {
  readonly present: string | undefined;
  readonly online: string | undefined;
  /** Those that may be switched off. */
  readonly offlinable: string | undefined;
}

/** The devices, vCPUs and memory of domains. */
export class DomainDevices {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainAttachDeviceFlags`: `xml` is one device. {@link ChangeDevice} flags. */
  async attach(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainAttachDeviceFlags, { domain, xml, flags }, options);
  }

  /**
   * `virDomainDetachDeviceFlags`: answers when the guest was asked; the event `deviceRemoved` says that it has
   * gone. {@link ChangeDevice} flags.
   */
  async detach(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainDetachDeviceFlags, { domain, xml, flags }, options);
  }

  /** `virDomainDetachDeviceAlias`: as {@link detach}, by the device's alias. {@link ChangeDevice} flags. */
  async detachByAlias(domain: DomainRef, alias: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainDetachDeviceAlias, { domain, alias, flags }, options);
  }

  /** `virDomainUpdateDeviceFlags`: the device that `xml` names becomes what it says. {@link ChangeDevice} flags. */
  async update(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainUpdateDeviceFlags, { domain, xml, flags }, options);
  }

  // vCPUs

  /** `virDomainGetVcpusFlags`: how many, see {@link Vcpus}. */
  async vcpus(domain: DomainRef, flags = 0, options?: CallOptions): Promise<number> {
    return (await this.#rpc.call(procedures.domainGetVcpusFlags, { domain, flags }, options)).vcpus;
  }

  /** `virDomainSetVcpusFlags`: how many, see {@link Vcpus}. */
  async setVcpus(domain: DomainRef, vcpus: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSetVcpusFlags, { domain, vcpus, flags }, options);
  }

  /** `virDomainSetVcpu`: plugs in or out the vCPUs of a list such as `2-3`. `Affect` flags. */
  async setVcpu(
    domain: DomainRef,
    cpuMap: string,
    online: boolean,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, cpuMap, state: online ? 1 : 0, flags };
    await this.#rpc.call(procedures.domainSetVcpu, args, options);
  }

  /** `virDomainGetGuestVcpus`: asks the guest's agent. */
  async guestVcpus(domain: DomainRef, options?: CallOptions): Promise<GuestVcpus> {
    const { parameters } = await this.#rpc.call(
      procedures.domainGetGuestVcpus,
      { domain, flags: 0 },
      options,
    );
    const tree = new ParameterTree(parameters);
    return { present: tree.text('vcpus'), online: tree.text('online'), offlinable: tree.text('offlinable') };
  }

  /** `virDomainSetGuestVcpus`: has the agent switch the vCPUs of a list such as `2-3` on or off. */
  async setGuestVcpus(
    domain: DomainRef,
    cpuMap: string,
    online: boolean,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, cpuMap, state: online ? 1 : 0, flags: 0 };
    await this.#rpc.call(procedures.domainSetGuestVcpus, args, options);
  }

  // Memory

  /** `virDomainGetMaxMemory`, in KiB. */
  async maxMemoryKiB(domain: DomainRef, options?: CallOptions): Promise<number> {
    return Number((await this.#rpc.call(procedures.domainGetMaxMemory, { domain }, options)).memory);
  }

  /** `virDomainSetMemoryFlags`, in KiB: the balloon of a running domain, or its definition. See {@link Memory}. */
  async setMemoryKiB(domain: DomainRef, memoryKiB: number, flags = 0, options?: CallOptions): Promise<void> {
    const args = { domain, memory: BigInt(memoryKiB), flags };
    await this.#rpc.call(procedures.domainSetMemoryFlags, args, options);
  }

  /** `virDomainSetMemoryStatsPeriod`: how often the balloon reports, in seconds; 0 never. `Affect` flags. */
  async setMemoryStatsPeriod(
    domain: DomainRef,
    seconds: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainSetMemoryStatsPeriod, { domain, period: seconds, flags }, options);
  }
}
