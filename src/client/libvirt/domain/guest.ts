import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain-guest.ts';
import { domainPmSuspendForDuration, domainPmWakeup } from '../../rpc/procedures/domain.ts';
import type { DomainRef } from './domain.ts';
import { type GuestInfo, guestInfo } from './guest-info.ts';
import { type GuestInterface, ipAddresses } from '../ip-address.ts';

/** `virDomainInterfaceAddressesSource`: who is asked. */
export const AddressSource = {
  /** The DHCP server of libvirt's networks. */
  LEASE: 0,
  /** The agent in the guest. */
  AGENT: 1,
  /** The host's table of neighbours. */
  ARP: 2,
} as const;

/** `virDomainGetHostnameFlags`. */
export const HostnameSource = { LEASE: 1, AGENT: 2 } as const;

/** `virDomainGuestInfoTypes`: what to ask for; 0 is all. */
export const GuestInfoTypes = {
  USERS: 1,
  OS: 2,
  TIMEZONE: 4,
  HOSTNAME: 8,
  FILE_SYSTEMS: 16,
  DISKS: 32,
  INTERFACES: 64,
} as const;

/** `virNodeSuspendTarget`. */
export const SuspendTarget = { MEMORY: 0, DISK: 1, HYBRID: 2 } as const;

/** `virDomainAuthorizedSSHKeysSetFlags`: without one the keys replace what is there. */
export const SshKeys = { APPEND: 1, REMOVE: 2 } as const;

/** `virKeycodeSet`. */
export const KeyCodes = {
  LINUX: 0,
  XT: 1,
  AT_SET_1: 2,
  AT_SET_2: 3,
  AT_SET_3: 4,
  OSX: 5,
  XT_KBD: 6,
  USB: 7,
  WIN32: 8,
  QNUM: 9,
} as const;

/** `virDomainAgentResponseTimeoutValues`; anything above is in seconds. */
export const AgentTimeout = { BLOCK: -2, DEFAULT: -1, NO_WAIT: 0 } as const;

const TIME_SYNC = 1;
const PASSWORD_ENCRYPTED = 1;

export interface GuestFileSystem {
  readonly mountPoint: string;
  /** Its name in the guest, such as `vda1`. */
  readonly name: string;
  readonly type: string;
  /** The domain's disks that it lies on. */
  readonly deviceAliases: readonly string[];
}

/** Seconds and ns since 1970. */
export interface GuestTime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

/** What goes on inside the guests: most of it needs the QEMU guest agent there. */
export class DomainGuests {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainInterfaceAddresses` from an {@link AddressSource}; what is no IP address is left out. */
  async interfaceAddresses(
    domain: DomainRef,
    source: number = AddressSource.LEASE,
    options?: CallOptions,
  ): Promise<readonly GuestInterface[]> {
    const args = { domain, source, flags: 0 };
    const { interfaces } = await this.#rpc.call(procedures.domainInterfaceAddresses, args, options);
    return interfaces.map(({ name, hwaddr, addresses }) => ({
      name,
      mac: hwaddr,
      addresses: ipAddresses(addresses),
    }));
  }

  /** `virDomainGetHostname` from a {@link HostnameSource}; 0 leaves it to the driver. */
  async hostname(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainGetHostname, { domain, flags }, options)).hostname;
  }

  /** `virDomainGetGuestInfo` of {@link GuestInfoTypes}; with 0 an agent leaves out what it does not know. */
  async info(domain: DomainRef, types = 0, options?: CallOptions): Promise<GuestInfo> {
    const args = { domain, types, flags: 0 };
    return guestInfo((await this.#rpc.call(procedures.domainGetGuestInfo, args, options)).parameters);
  }

  // File systems

  /** `virDomainGetFSInfo`: what is mounted. */
  async fileSystems(domain: DomainRef, options?: CallOptions): Promise<readonly GuestFileSystem[]> {
    const args = { domain, flags: 0 };
    return (await this.#rpc.call(procedures.domainGetFsInfo, args, options)).fileSystems;
  }

  /** `virDomainFSFreeze`: all, or those mount points. Returns how many. */
  async freeze(
    domain: DomainRef,
    mountPoints: readonly string[] = [],
    options?: CallOptions,
  ): Promise<number> {
    const args = { domain, mountPoints, flags: 0 };
    return (await this.#rpc.call(procedures.domainFsFreeze, args, options)).count;
  }

  /** `virDomainFSThaw`: all, or those mount points. How many it were. */
  async thaw(domain: DomainRef, mountPoints: readonly string[] = [], options?: CallOptions): Promise<number> {
    const args = { domain, mountPoints, flags: 0 };
    return (await this.#rpc.call(procedures.domainFsThaw, args, options)).count;
  }

  /** `virDomainFSTrim`: gives free space back to the host, in pieces of at least `minimum` bytes. */
  async trim(
    domain: DomainRef,
    { mountPoint, minimum = 0n }: { readonly mountPoint?: string; readonly minimum?: bigint } = {},
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainFsTrim, { domain, mountPoint, minimum, flags: 0 }, options);
  }

  // Clock

  /** `virDomainGetTime`: the time in the guest. */
  async time(domain: DomainRef, options?: CallOptions): Promise<GuestTime> {
    return this.#rpc.call(procedures.domainGetTime, { domain, flags: 0 }, options);
  }

  /** `virDomainSetTime`. */
  async setTime(domain: DomainRef, time: GuestTime, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSetTime, { domain, ...time, flags: 0 }, options);
  }

  /** `virDomainSetTime` with `VIR_DOMAIN_TIME_SYNC`: the guest reads its hardware clock. */
  async syncTime(domain: DomainRef, options?: CallOptions): Promise<void> {
    const args = { domain, seconds: 0n, nanoseconds: 0, flags: TIME_SYNC };
    await this.#rpc.call(procedures.domainSetTime, args, options);
  }

  // Users

  /** `virDomainSetUserPassword`; `encrypted` when it is already a hash that the guest understands. */
  async setUserPassword(
    domain: DomainRef,
    user: string,
    password: string,
    { encrypted = false }: { readonly encrypted?: boolean } = {},
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, user, password, flags: encrypted ? PASSWORD_ENCRYPTED : 0 };
    await this.#rpc.call(procedures.domainSetUserPassword, args, options);
  }

  /** `virDomainAuthorizedSSHKeysGet`: lines of an authorized_keys file. */
  async sshKeys(domain: DomainRef, user: string, options?: CallOptions): Promise<readonly string[]> {
    const args = { domain, user, flags: 0 };
    return (await this.#rpc.call(procedures.domainAuthorizedSshKeysGet, args, options)).keys;
  }

  /** `virDomainAuthorizedSSHKeysSet` with {@link SshKeys} flags. */
  async setSshKeys(
    domain: DomainRef,
    user: string,
    keys: readonly string[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainAuthorizedSshKeysSet, { domain, user, keys, flags }, options);
  }

  /** `virDomainAgentSetResponseTimeout`, in seconds or {@link AgentTimeout}: how long libvirt waits for it. */
  async setAgentTimeout(domain: DomainRef, seconds: number, options?: CallOptions): Promise<void> {
    const args = { domain, timeout: seconds, flags: 0 };
    await this.#rpc.call(procedures.domainAgentSetResponseTimeout, args, options);
  }

  // Power

  /** `virDomainPMSuspendForDuration`: the guest goes to sleep, see {@link SuspendTarget}. */
  async pmSuspend(
    domain: DomainRef,
    target: number = SuspendTarget.MEMORY,
    options?: CallOptions,
  ): Promise<void> {
    // No driver can wake it up after a while yet: the duration must be 0.
    await this.#rpc.call(domainPmSuspendForDuration, { domain, target, duration: 0n, flags: 0 }, options);
  }

  /** `virDomainPMWakeup`. */
  async pmWakeup(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(domainPmWakeup, { domain, flags: 0 }, options);
  }

  // Input

  /** `virDomainSendKey`: at most 16 keys, held together for `holdMs`, from one of {@link KeyCodes}. */
  async sendKeys(
    domain: DomainRef,
    keyCodes: readonly number[],
    { codeSet = KeyCodes.LINUX, holdMs = 0 }: { readonly codeSet?: number; readonly holdMs?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, codeSet, holdTime: holdMs, keyCodes, flags: 0 };
    await this.#rpc.call(procedures.domainSendKey, args, options);
  }

  /** `virDomainInjectNMI`. */
  async injectNmi(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainInjectNmi, { domain, flags: 0 }, options);
  }
}
