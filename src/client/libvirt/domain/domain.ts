import { list, readAs, struct, type ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as saving from '../../rpc/procedures/domain-save.ts';
import * as procedures from '../../rpc/procedures/domain.ts';
import type { domainRef, TypedParameter } from '../../rpc/types.ts';
import { type DomainState, domainState } from './state.ts';

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

export interface SecurityLabel {
  readonly label: string;
  readonly enforcing: boolean;
}

/** `virConnectListAllDomainsFlags`: a domain must match one of each group that is named. */
export const ListDomains = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  RUNNING: 16,
  PAUSED: 32,
  SHUT_OFF: 64,
  /** Neither running, paused nor shut off. */
  OTHER_STATE: 128,
  MANAGED_SAVE: 256,
  NO_MANAGED_SAVE: 512,
  AUTOSTART: 1024,
  NO_AUTOSTART: 2048,
  HAS_SNAPSHOT: 4096,
  NO_SNAPSHOT: 8192,
  HAS_CHECKPOINT: 16384,
  NO_CHECKPOINT: 32768,
} as const;

/** `virDomainXMLFlags`. */
export const DomainXml = {
  /** With passwords; not on a read-only connection. */
  SECURE: 1,
  /** The definition, also while it runs with another configuration. */
  INACTIVE: 2,
  UPDATE_CPU: 4,
  MIGRATABLE: 8,
} as const;

/** `virDomainCreateFlags`. */
export const StartDomain = {
  PAUSED: 1,
  /** It ends with this connection. */
  AUTODESTROY: 2,
  BYPASS_CACHE: 4,
  /** Boots even when there is a managed save image, which is lost. */
  FORCE_BOOT: 8,
  VALIDATE: 16,
  RESET_NVRAM: 32,
} as const;

/** `virDomainShutdownFlagValues` and `virDomainRebootFlagValues`: how to ask the guest; 0 leaves it to libvirt. */
export const AskGuest = { ACPI: 1, AGENT: 2, INITCTL: 4, SIGNAL: 8, PARAVIRT: 16 } as const;

/** `virDomainDestroyFlagsValues`. */
export const DestroyDomain = {
  /** Fails where the process would have to be killed. */
  GRACEFUL: 1,
  REMOVE_LOGS: 2,
} as const;

/** `virDomainSaveRestoreFlags`. */
export const SaveDomain = { BYPASS_CACHE: 1, RUNNING: 2, PAUSED: 4, RESET_NVRAM: 8 } as const;

/** `virDomainDefineFlags`. */
export const DefineDomain = { VALIDATE: 1 } as const;

/** `virDomainUndefineFlagsValues`: what goes together with the definition. */
export const UndefineDomain = {
  MANAGED_SAVE: 1,
  SNAPSHOTS_METADATA: 2,
  NVRAM: 4,
  KEEP_NVRAM: 8,
  CHECKPOINTS_METADATA: 16,
  TPM: 32,
  KEEP_TPM: 64,
} as const;

/** `virDomainMessageType`. */
export const DomainMessages = { DEPRECATION: 1, TAINTING: 2 } as const;

const STATS_STATE = 1;

/** Statistics with nothing but the state, of which there may be ten thousand. */
const allStates = {
  ...procedures.connectGetAllDomainStats,
  result: struct({
    records: list(
      readAs(procedures.statsRecord, ({ domain, parameters }) => [domain, stateIn(parameters)] as const),
    ),
  }),
};

function stateIn(parameters: readonly TypedParameter[]): StateAndReason {
  const value = (field: string) => Number(parameters.find((p) => p.field === field)?.value ?? 0);
  return { state: domainState(value('state.state')), reason: value('state.reason') };
}

/**
 * The domains of one connection: finding, reading, defining, switching on and off. Every method stands for the libvirt function it
 * names and throws RemoteError when the daemon refuses.
 */
export class Domains {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virConnectListAllDomains` with {@link ListDomains} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly DomainRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllDomains, args, options)).items;
  }

  /**
   * `virConnectGetAllDomainStats` for the state alone: every domain's state in one call. It never asks a
   * guest's own process, so a hung guest cannot hold it up.
   */
  async listStates(options?: CallOptions): Promise<ReadonlyMap<DomainRef, StateAndReason>> {
    const args = { domains: [], stats: STATS_STATE, flags: 0 };
    const { records } = await this.#rpc.call(allStates, args, options);
    return new Map(records);
  }

  /** `virDomainLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainLookupByUuid, { uuid }, options)).domain;
  }

  /** `virDomainLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainLookupByName, { name }, options)).domain;
  }

  /** `virDomainLookupByID`: ids are given to running domains only. */
  async lookupById(id: number, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainLookupById, { id }, options)).domain;
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

  /** `virDomainIsActive`. */
  async isActive(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainIsActive, { domain }, options)).active;
  }

  /** `virDomainIsPersistent`. */
  async isPersistent(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainIsPersistent, { domain }, options)).persistent;
  }

  /** `virDomainIsUpdated`: whether the definition changed while the domain ran. */
  async isUpdated(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainIsUpdated, { domain }, options)).updated;
  }

  /** `virDomainGetAutostart`. */
  async autostart(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainGetAutostart, { domain }, options)).autostart;
  }

  /** `virDomainGetOSType`: `hvm`, or what a container driver calls its guests. */
  async osType(domain: DomainRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainGetOsType, { domain }, options)).type;
  }

  /** `virDomainGetSecurityLabel`: what the host's security model confines it by while it runs; else empty. */
  securityLabel(domain: DomainRef, options?: CallOptions): Promise<SecurityLabel> {
    return this.#rpc.call(procedures.domainGetSecurityLabel, { domain }, options);
  }

  /** `virDomainGetMessages` with {@link DomainMessages} flags; 0 reads all. Sentences for a person. */
  async messages(domain: DomainRef, flags = 0, options?: CallOptions): Promise<readonly string[]> {
    return (await this.#rpc.call(procedures.domainGetMessages, { domain, flags }, options)).messages;
  }

  /** `virDomainDefineXMLFlags` with {@link DefineDomain}: replaces a definition of the same UUID and name. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainDefineXmlFlags, { xml, flags }, options)).domain;
  }

  /** `virDomainUndefineFlags` with {@link UndefineDomain} flags. */
  async undefine(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainUndefineFlags, { domain, flags }, options);
  }

  /** `virDomainSetAutostart`. */
  async setAutostart(domain: DomainRef, autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSetAutostart, { domain, autostart }, options);
  }

  /** `virDomainRename`: only while it is shut off. */
  async rename(domain: DomainRef, newName: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainRename, { domain, newName, flags: 0 }, options);
  }

  // Running

  /** `virDomainCreateXML`: a transient domain, running. {@link StartDomain} flags. */
  async createXml(xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainCreateXml, { xml, flags }, options)).domain;
  }

  /** `virDomainCreateWithFlags`: starts it. {@link StartDomain} flags. */
  async start(domain: DomainRef, flags = 0, options?: CallOptions): Promise<DomainRef> {
    return (await this.#rpc.call(procedures.domainCreateWithFlags, { domain, flags }, options)).domain;
  }

  /** `virDomainShutdownFlags`, {@link AskGuest}: the guest may take its time or not listen. */
  async shutdown(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainShutdownFlags, { domain, flags }, options);
  }

  /** `virDomainReboot`, {@link AskGuest}. */
  async reboot(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainReboot, { domain, flags }, options);
  }

  /** `virDomainReset`: the reset button. */
  async reset(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainReset, { domain, flags: 0 }, options);
  }

  /** `virDomainDestroyFlags` with {@link DestroyDomain} flags: the power plug. */
  async destroy(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainDestroyFlags, { domain, flags }, options);
  }

  /** `virDomainSuspend`: stops its vCPUs. */
  async suspend(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSuspend, { domain }, options);
  }

  /** `virDomainResume`. */
  async resume(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainResume, { domain }, options);
  }

  // Managed save: the image that libvirt keeps itself and the next start continues from

  /** `virDomainManagedSave` with {@link SaveDomain} flags: answers when the memory is on disk. */
  async managedSave(domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(saving.domainManagedSave, { domain, flags }, options);
  }

  /** `virDomainHasManagedSaveImage`. */
  async hasManagedSave(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(saving.domainHasManagedSaveImage, { domain, flags: 0 }, options)).result;
  }

  /** `virDomainManagedSaveRemove`. */
  async removeManagedSave(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(saving.domainManagedSaveRemove, { domain, flags: 0 }, options);
  }
}
