import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain-job.ts';
import type { TypedParameter } from '../../rpc/types.ts';
import type { DomainRef } from './domain.ts';
import { ParameterTree } from '../parameters.ts';

/** `virDomainJobType`. A bounded job knows how long it will take. */
export type JobState = (typeof JOB_STATES)[number];
const JOB_STATES = ['none', 'bounded', 'unbounded', 'completed', 'failed', 'cancelled'] as const;

/** `virDomainJobOperation`. */
export type JobOperation = (typeof OPERATIONS)[number];
const OPERATIONS = [
  'unknown',
  'start',
  'save',
  'restore',
  'migration-in',
  'migration-out',
  'snapshot',
  'snapshot-revert',
  'dump',
  'backup',
  'snapshot-delete',
] as const;

/** `virDomainGetJobStatsFlags`. */
export const JobStats = {
  /** Those of the last job that ended, which are then forgotten. */
  COMPLETED: 1,
  /** With COMPLETED: they are not forgotten. */
  KEEP_COMPLETED: 2,
} as const;

/** How far something is, in bytes. What must be sent again makes the sum larger than `total`. */
export interface Progress {
  readonly total: bigint | undefined;
  readonly processed: bigint | undefined;
  readonly remaining: bigint | undefined;
}

export interface JobInfo {
  readonly state: JobState;
  readonly elapsedMs: number;
  /** Only of a bounded job. */
  readonly remainingMs: number;
  readonly data: Progress;
  readonly memory: Progress;
  readonly disk: Progress;
}

/** What libvirt knows of a job; what does not apply to it is undefined. */
export interface JobStatistics {
  readonly operation: JobOperation;
  readonly elapsedMs: number | undefined;
  /** Without the time that handing over to the other host took. */
  readonly elapsedNetMs: number | undefined;
  readonly remainingMs: number | undefined;
  /** For how long the domain stands still: expected, then measured. */
  readonly downtimeMs: number | undefined;
  readonly downtimeNetMs: number | undefined;
  readonly setupMs: number | undefined;
  readonly data: Progress;
  readonly memory: Progress & {
    readonly bytesPerSecond: bigint | undefined;
    /** Pages that were one byte repeated, and pages that were sent as they are. */
    readonly constantPages: bigint | undefined;
    readonly normalPages: bigint | undefined;
    readonly normalBytes: bigint | undefined;
    readonly dirtyPagesPerSecond: bigint | undefined;
    readonly pageBytes: number | undefined;
    readonly iteration: number | undefined;
    readonly postcopyRequests: bigint | undefined;
  };
  readonly disk: Progress & {
    readonly bytesPerSecond: bigint | undefined;
    /** In bytes: what a backup keeps aside of what the guest overwrites. */
    readonly temporaryUsed: bigint | undefined;
    readonly temporaryTotal: bigint | undefined;
  };
  readonly compression: {
    /** In bytes. */
    readonly cache: bigint | undefined;
    readonly bytes: bigint | undefined;
    readonly pages: bigint | undefined;
    readonly cacheMisses: bigint | undefined;
    readonly overflow: bigint | undefined;
  };
  /** In percent: how much the guest's CPUs are slowed down so that a migration ends. */
  readonly autoConvergeThrottle: number | undefined;
  /** Only of a job that has ended. */
  readonly success: boolean | undefined;
  readonly errorMessage: string | undefined;
}

/** The one job that a domain may have at a time, and what bounds its migrations. */
export class DomainJobs {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainGetJobInfo`. */
  async info(domain: DomainRef, options?: CallOptions): Promise<JobInfo> {
    const info = await this.#rpc.call(procedures.domainGetJobInfo, { domain }, options);
    return {
      state: jobState(info.type),
      elapsedMs: Number(info.timeElapsed),
      remainingMs: Number(info.timeRemaining),
      data: { total: info.dataTotal, processed: info.dataProcessed, remaining: info.dataRemaining },
      memory: { total: info.memoryTotal, processed: info.memoryProcessed, remaining: info.memoryRemaining },
      disk: { total: info.diskTotal, processed: info.diskProcessed, remaining: info.diskRemaining },
    };
  }

  /** `virDomainGetJobStats` with {@link JobStats} flags. */
  async statistics(
    domain: DomainRef,
    flags = 0,
    options?: CallOptions,
  ): Promise<JobStatistics & { readonly state: JobState }> {
    const reply = await this.#rpc.call(procedures.domainGetJobStats, { domain, flags }, options);
    return { state: jobState(reply.type), ...jobStatistics(reply.parameters) };
  }

  /** `virDomainAbortJob`: ends the save, dump, backup or migration that runs on it. */
  async abort(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainAbortJob, { domain }, options);
  }

  /** `virDomainAbortJobFlags` with `VIR_DOMAIN_ABORT_JOB_POSTCOPY`: halts a migration that is in post-copy. */
  async interruptPostcopy(domain: DomainRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainAbortJobFlags, { domain, flags: 1 }, options);
  }

  /** `virDomainMigrateGetMaxDowntime`, in ms. */
  async migrationMaxDowntimeMs(domain: DomainRef, options?: CallOptions): Promise<number> {
    const args = { domain, flags: 0 };
    return Number((await this.#rpc.call(procedures.domainMigrateGetMaxDowntime, args, options)).downtime);
  }

  /** `virDomainMigrateGetMaxSpeed`, in MiB/s. */
  async migrationMaxSpeedMiB(domain: DomainRef, options?: CallOptions): Promise<bigint> {
    const args = { domain, flags: 0 };
    return (await this.#rpc.call(procedures.domainMigrateGetMaxSpeed, args, options)).bandwidth;
  }

  /** `virDomainMigrateGetCompressionCache`, in bytes. */
  async migrationCompressionCache(domain: DomainRef, options?: CallOptions): Promise<bigint> {
    const args = { domain, flags: 0 };
    return (await this.#rpc.call(procedures.domainMigrateGetCompressionCache, args, options)).size;
  }
}

function jobState(type: number): JobState {
  return JOB_STATES[type] ?? 'none';
}

/** Reads the parameters of `virDomainGetJobStats` and of the event that tells of a job's end. */
export function jobStatistics(parameters: readonly TypedParameter[]): JobStatistics {
  const tree = new ParameterTree(parameters);
  const progress = (what: string): Progress => ({
    total: tree.bigint(`${what}_total`),
    processed: tree.bigint(`${what}_processed`),
    remaining: tree.bigint(`${what}_remaining`),
  });
  return {
    operation: OPERATIONS[tree.number('operation') ?? 0] ?? 'unknown',
    elapsedMs: tree.number('time_elapsed'),
    elapsedNetMs: tree.number('time_elapsed_net'),
    remainingMs: tree.number('time_remaining'),
    downtimeMs: tree.number('downtime'),
    downtimeNetMs: tree.number('downtime_net'),
    setupMs: tree.number('setup_time'),
    data: progress('data'),
    memory: {
      ...progress('memory'),
      bytesPerSecond: tree.bigint('memory_bps'),
      constantPages: tree.bigint('memory_constant'),
      normalPages: tree.bigint('memory_normal'),
      normalBytes: tree.bigint('memory_normal_bytes'),
      dirtyPagesPerSecond: tree.bigint('memory_dirty_rate'),
      pageBytes: tree.number('memory_page_size'),
      iteration: tree.number('memory_iteration'),
      postcopyRequests: tree.bigint('memory_postcopy_requests'),
    },
    disk: {
      ...progress('disk'),
      bytesPerSecond: tree.bigint('disk_bps'),
      temporaryUsed: tree.bigint('disk_temp_used'),
      temporaryTotal: tree.bigint('disk_temp_total'),
    },
    compression: {
      cache: tree.bigint('compression_cache'),
      bytes: tree.bigint('compression_bytes'),
      pages: tree.bigint('compression_pages'),
      cacheMisses: tree.bigint('compression_cache_misses'),
      overflow: tree.bigint('compression_overflow'),
    },
    autoConvergeThrottle: tree.number('auto_converge_throttle'),
    success: tree.boolean('success'),
    errorMessage: tree.text('errmsg'),
  };
}
