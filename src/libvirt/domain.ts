import type { ValueOf } from '../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/domain.ts';
import type { domainRef } from '../rpc/types.ts';
import { type DomainState, domainState } from './domain-state.ts';

/** How a domain is named in every call. `id` is -1 while it is not running. */
export type DomainRef = ValueOf<typeof domainRef>;

/** State and reason, the reason in libvirt's numbering for that state. */
export interface StateAndReason {
  readonly state: DomainState;
  readonly reason: number;
}

export interface DomainInfo {
  readonly state: DomainState;
  /** What the domain may grow to, in KiB. */
  readonly maxMemoryKiB: number;
  /** What it has now, in KiB. */
  readonly memoryKiB: number;
  readonly vcpus: number;
  /** In ns, over all vCPUs. */
  readonly cpuTime: bigint;
}

/** `virConnectListAllDomainsFlags`: a domain must match one of each group that is named. */
export const ListDomains = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  MANAGED_SAVE: 256,
  NO_MANAGED_SAVE: 512,
  AUTOSTART: 1024,
} as const;

/** `virDomainXMLFlags`. */
export const DomainXml = { SECURE: 1, INACTIVE: 2, UPDATE_CPU: 4, MIGRATABLE: 8 } as const;

/** `virDomainCreateFlags`. */
export const StartDomain = { PAUSED: 1, BYPASS_CACHE: 4, FORCE_BOOT: 8, VALIDATE: 16 } as const;

/** `virDomainUndefineFlagsValues`: what goes together with the definition. */
export const UndefineDomain = {
  MANAGED_SAVE: 1,
  SNAPSHOTS_METADATA: 2,
  NVRAM: 4,
  KEEP_NVRAM: 8,
  CHECKPOINTS_METADATA: 16,
  TPM: 32,
} as const;

const STATS_STATE = 1;

/**
 * The domains of one connection. Every method stands for the libvirt function it names and throws
 * RemoteError when the daemon refuses.
 */
export class Domains {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virConnectListAllDomains` with {@link ListDomains} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly DomainRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllDomains, args, options)).domains;
  }

  /**
   * `virConnectGetAllDomainStats` for the state alone: every domain's state in one call. It never asks a
   * guest's own process, so a hung guest cannot hold it up.
   */
  async listStates(options?: CallOptions): Promise<ReadonlyMap<DomainRef, StateAndReason>> {
    const args = { domains: [], stats: STATS_STATE, flags: 0 };
    const { records } = await this.#rpc.call(procedures.connectGetAllDomainStats, args, options);
    return new Map(
      records.map(({ domain, parameters }) => {
        const value = (field: string) => Number(parameters.find((p) => p.field === field)?.value ?? 0);
        return [domain, { state: domainState(value('state.state')), reason: value('state.reason') }];
      }),
    );
  }

  /** `virDomainLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainLookupByUuid, { uuid }, options)).domain;
  }

  /** `virDomainLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainLookupByName, { name }, options)).domain;
  }

  /** `virDomainGetXMLDesc` with {@link DomainXml} flags. */
  async xml(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainGetXmlDesc, { domain, flags }, options)).xml;
  }

  /** `virDomainGetInfo`. */
  async info(domain: DomainRef, options?: CallOptions): Promise<DomainInfo> {
    const info = await this.#rpc.call(procedures.domainGetInfo, { domain }, options);
    return {
      state: domainState(info.state),
      maxMemoryKiB: Number(info.maxMemory),
      memoryKiB: Number(info.memory),
      vcpus: info.vcpus,
      cpuTime: info.cpuTime,
    };
  }

  /** `virDomainGetState`. */
  async state(domain: DomainRef, options?: CallOptions): Promise<StateAndReason> {
    const result = await this.#rpc.call(procedures.domainGetState, { domain, flags: 0 }, options);
    return { state: domainState(result.state), reason: result.reason };
  }

  /** `virDomainIsPersistent`. */
  async isPersistent(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainIsPersistent, { domain }, options)).persistent;
  }

  /** `virDomainGetAutostart`. */
  async autostart(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainGetAutostart, { domain }, options)).autostart;
  }

  /** `virDomainHasManagedSaveImage`. */
  async hasManagedSave(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    const args = { domain, flags: 0 };
    return (await this.#rpc.call(procedures.domainHasManagedSaveImage, args, options)).result;
  }

  /** `virDomainListAllSnapshots`, names only. */
  async snapshotNames(domain: DomainRef, options?: CallOptions): Promise<readonly string[]> {
    const args = { domain, needResults: true, flags: 0 };
    const { snapshots } = await this.#rpc.call(procedures.domainListAllSnapshots, args, options);
    return snapshots.map(({ name }) => name);
  }

  /** `virDomainCreateXML`: a transient domain, running. {@link StartDomain} flags. */
  async createXml(xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainCreateXml, { xml, flags }, options)).domain;
  }

  /** `virDomainDefineXMLFlags`: replaces a definition of the same UUID and name. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainDefineXmlFlags, { xml, flags }, options)).domain;
  }

  /** `virDomainUndefineFlags` with {@link UndefineDomain} flags. */
  async undefine(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainUndefineFlags, { domain, flags }, options);
  }

  /** `virDomainCreateWithFlags`: starts it. {@link StartDomain} flags. */
  async start(domain: DomainRef, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainCreateWithFlags, { domain, flags }, options)).domain;
  }

  /** `virDomainShutdownFlags`: asks the guest; it may take its time or not listen. */
  async shutdown(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainShutdownFlags, { domain, flags: 0 }, options);
  }

  /** `virDomainReboot`: asks the guest. */
  async reboot(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainReboot, { domain, flags: 0 }, options);
  }

  /** `virDomainReset`: the reset button. */
  async reset(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainReset, { domain, flags: 0 }, options);
  }

  /** `virDomainDestroyFlags`: the power plug. */
  async destroy(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainDestroyFlags, { domain, flags: 0 }, options);
  }

  /** `virDomainSuspend`: stops its vCPUs. */
  async suspend(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSuspend, { domain }, options);
  }

  /** `virDomainResume`. */
  async resume(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainResume, { domain }, options);
  }

  /** `virDomainManagedSave`: answers when the memory is on disk. */
  async managedSave(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainManagedSave, { domain, flags: 0 }, options);
  }

  /** `virDomainManagedSaveRemove`. */
  async removeManagedSave(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainManagedSaveRemove, { domain, flags: 0 }, options);
  }

  /** `virDomainSetAutostart`. */
  async setAutostart(domain: DomainRef, autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSetAutostart, { domain, autostart }, options);
  }

  /** `virDomainRename`: only while it is shut off. */
  async rename(domain: DomainRef, newName: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainRename, { domain, newName, flags: 0 }, options);
  }

  /** `virDomainAbortJob`: ends the save, dump or migration that runs on it. */
  async abortJob(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainAbortJob, { domain }, options);
  }

  /** `VIR_DOMAIN_EVENT_ID_LIFECYCLE` for all domains: `listener` runs whenever one of them changes. */
  async onLifecycle(listener: (event: LifecycleEvent) => void): Promise<void> {
    this.#rpc.onEvent(procedures.domainEventCallbackLifecycle, listener);
    await this.#rpc.call(procedures.connectDomainEventCallbackRegisterAny, {
      eventId: EVENT_LIFECYCLE,
      domain: undefined,
    });
  }
}

const EVENT_LIFECYCLE = 0;

/** `event` and `detail` in the numbering of `virDomainEventType`. */
export interface LifecycleEvent {
  readonly domain: DomainRef;
  readonly event: number;
  readonly detail: number;
}
