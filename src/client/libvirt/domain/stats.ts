import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import { connectGetAllDomainStats } from '../../rpc/procedures/domain.ts';
import type { DomainRef } from './domain.ts';
import { type DomainStats, readDomainStats } from './stats-record.ts';
import { ParameterTree } from '../parameters.ts';

/** `virDomainStatsTypes`: groups to ask for; 0 is all that the driver has. */
export const StatsGroup = {
  STATE: 1,
  CPU: 2,
  BALLOON: 4,
  VCPU: 8,
  INTERFACE: 16,
  BLOCK: 32,
  PERF: 64,
  IOTHREAD: 128,
  MEMORY: 256,
  DIRTY_RATE: 512,
  /** The hypervisor's own counters. */
  VM: 1024,
} as const;

/** `virConnectGetAllDomainStatsFlags`: of which domains (those of `ListDomains` up to OTHER_STATE too), and how. */
export const StatsOptions = {
  /** Leaves out what would have to wait for a guest that is busy with something else. */
  NO_WAIT: 0x20000000,
  /** With every layer of a disk, not only the active one. */
  BACKING: 0x40000000,
  /** Refuses a group that the daemon does not know. */
  ENFORCE: 0x80000000,
} as const;

export interface DomainStatsRecord {
  readonly domain: DomainRef;
  readonly stats: DomainStats;
}

/** Statistics of domains, many at a time. */
export class DomainStatistics {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virConnectGetAllDomainStats` of {@link StatsGroup}s, with {@link StatsOptions}. */
  async ofAll(groups = 0, flags = 0, options?: CallOptions): Promise<readonly DomainStatsRecord[]> {
    return this.#read([], groups, flags, options);
  }

  /** `virDomainListGetStats`: of those domains only. */
  async of(
    domains: readonly DomainRef[],
    groups = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<readonly DomainStatsRecord[]> {
    // On the wire none stands for all.
    return domains.length === 0 ? [] : this.#read(domains, groups, flags, options);
  }

  async #read(
    domains: readonly DomainRef[],
    stats: number,
    flags: number,
    options: CallOptions | undefined,
  ): Promise<readonly DomainStatsRecord[]> {
    const { records } = await this.#rpc.call(connectGetAllDomainStats, { domains, stats, flags }, options);
    return records.map(({ domain, parameters }) => ({
      domain,
      stats: readDomainStats(new ParameterTree(parameters)),
    }));
  }
}
