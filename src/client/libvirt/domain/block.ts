import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain-block.ts';
import type { TypedParameter } from '../../rpc/types.ts';
import type { DomainRef } from './domain.ts';

/** `virDomainBlockJobType`; `unknown` for one that this version does not know. */
export type BlockJobType = (typeof BLOCK_JOBS)[number];
const BLOCK_JOBS = ['unknown', 'pull', 'copy', 'commit', 'active-commit', 'backup'] as const;

/** `virDomainBlockJobType` in words. */
export function blockJobType(type: number): BlockJobType {
  return BLOCK_JOBS[type] ?? 'unknown';
}

/** `virDomainBlockJobAbortFlags`. */
export const AbortBlockJob = {
  /** Answers at once; the event `blockJob` says when it is over. */
  ASYNC: 1,
  /** Ends a copy or active commit that is ready by switching the domain to the copy. */
  PIVOT: 2,
} as const;

/** `virDomainBlockRebaseFlags`. Bandwidths here are always in bytes/s. */
export const RebaseBlock = {
  SHALLOW: 1,
  REUSE_EXTERNAL: 2,
  COPY_RAW: 4,
  COPY: 8,
  RELATIVE: 16,
  COPY_DEVICE: 32,
} as const;

/** `virDomainBlockCommitFlags`. Bandwidths here are always in bytes/s. */
export const CommitBlock = {
  /** Only the file directly below `top`. */
  SHALLOW: 1,
  DELETE: 2,
  /** Allows `top` to be the active layer; the job then waits to be pivoted. */
  ACTIVE: 4,
  RELATIVE: 8,
} as const;

/** `virDomainBlockCopyFlags`. */
export const CopyBlock = { SHALLOW: 1, REUSE_EXTERNAL: 2, TRANSIENT_JOB: 4, SYNCHRONOUS_WRITES: 8 } as const;

const RESIZE_BYTES = 1;
const INFO_BANDWIDTH_BYTES = 1;
const SPEED_BANDWIDTH_BYTES = 1;
const PULL_BANDWIDTH_BYTES = 64;
const REBASE_BANDWIDTH_BYTES = 64;
const COMMIT_BANDWIDTH_BYTES = 16;

/** All in bytes. */
export interface BlockInfo {
  readonly capacity: bigint;
  /** The highest offset that is in use. */
  readonly allocation: bigint;
  /** What it takes on the host. */
  readonly physical: bigint;
}

export interface BlockJob {
  readonly type: BlockJobType;
  /** In bytes/s; 0 is without a limit. */
  readonly bandwidth: bigint;
  /** It is done where `current` reaches `end`; the unit is the job's own affair. */
  readonly current: bigint;
  readonly end: bigint;
}

export interface DiskError {
  /** The disk's target, such as `vda`. */
  readonly disk: string;
  readonly error: 'unspecified' | 'no-space';
}

export interface BlockCopyOptions {
  /** In bytes/s; without it there is no limit. */
  readonly bandwidth?: bigint;
  /** In bytes: how finely changes are tracked. */
  readonly granularity?: number;
  /** In bytes: how much may be on its way. */
  readonly bufferSize?: bigint;
  /** {@link CopyBlock}. */
  readonly flags?: number;
}

/**
 * The disks of domains. `disk` is the target (`vda`), one of its layers (`vda[1]`) or a source path. Sizes are
 * in bytes, bandwidths in bytes/s with 0 for no limit.
 */
export class DomainBlocks {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainBlockResize`: while it runs. */
  async resize(domain: DomainRef, disk: string, size: bigint, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainBlockResize, { domain, disk, size, flags: RESIZE_BYTES }, options);
  }

  /** `virDomainGetBlockInfo`. */
  async info(domain: DomainRef, disk: string, options?: CallOptions): Promise<BlockInfo> {
    return this.#rpc.call(procedures.domainGetBlockInfo, { domain, disk, flags: 0 }, options);
  }

  /** `virDomainGetDiskErrors`: only the disks that have one. */
  async errors(domain: DomainRef, options?: CallOptions): Promise<readonly DiskError[]> {
    const args = { domain, max: 256, flags: 0 };
    const { errors } = await this.#rpc.call(procedures.domainGetDiskErrors, args, options);
    return errors.map(({ disk, error }) => ({ disk, error: error === 2 ? 'no-space' : 'unspecified' }));
  }

  /** `virDomainSetBlockThreshold`: one event `blockThreshold` when writing passes it, in bytes; 0 for none. */
  async setThreshold(
    domain: DomainRef,
    disk: string,
    threshold: bigint,
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainSetBlockThreshold, { domain, disk, threshold, flags: 0 }, options);
  }

  // Jobs

  /** `virDomainGetBlockJobInfo`: undefined when there is none. */
  async job(domain: DomainRef, disk: string, options?: CallOptions): Promise<BlockJob | undefined> {
    const args = { domain, disk, flags: INFO_BANDWIDTH_BYTES };
    const { found, type, ...rest } = await this.#rpc.call(procedures.domainGetBlockJobInfo, args, options);
    return found ? { type: blockJobType(type), ...rest } : undefined;
  }

  /** `virDomainBlockJobAbort` with {@link AbortBlockJob} flags. */
  async abortJob(domain: DomainRef, disk: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainBlockJobAbort, { domain, disk, flags }, options);
  }

  /** `virDomainBlockJobSetSpeed`. */
  async setJobSpeed(
    domain: DomainRef,
    disk: string,
    bandwidth: bigint,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, disk, bandwidth, flags: SPEED_BANDWIDTH_BYTES };
    await this.#rpc.call(procedures.domainBlockJobSetSpeed, args, options);
  }

  /** `virDomainBlockPull`: all backing files move into the disk. */
  async pull(domain: DomainRef, disk: string, bandwidth = 0n, options?: CallOptions): Promise<void> {
    const args = { domain, disk, bandwidth, flags: PULL_BANDWIDTH_BYTES };
    await this.#rpc.call(procedures.domainBlockPull, args, options);
  }

  /** `virDomainBlockRebase`: the layers above `base` move into the disk. {@link RebaseBlock} flags. */
  async rebase(
    domain: DomainRef,
    disk: string,
    { base, bandwidth = 0n, flags = 0 }: { base?: string; bandwidth?: bigint; flags?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, disk, base, bandwidth, flags: flags | REBASE_BANDWIDTH_BYTES };
    await this.#rpc.call(procedures.domainBlockRebase, args, options);
  }

  /**
   * `virDomainBlockCommit`: the layers from `top` (the active one) down to above `base` (the lowest) move into
   * `base`. {@link CommitBlock} flags.
   */
  async commit(
    domain: DomainRef,
    disk: string,
    {
      base,
      top,
      bandwidth = 0n,
      flags = 0,
    }: { base?: string; top?: string; bandwidth?: bigint; flags?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, disk, base, top, bandwidth, flags: flags | COMMIT_BANDWIDTH_BYTES };
    await this.#rpc.call(procedures.domainBlockCommit, args, options);
  }

  /** `virDomainBlockCopy`: mirrors the disk to what `xml`, a `<disk>` element, describes. */
  async copy(
    domain: DomainRef,
    disk: string,
    xml: string,
    { bandwidth, granularity, bufferSize, flags = 0 }: BlockCopyOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    const parameters: TypedParameter[] = [];
    if (bandwidth !== undefined) parameters.push({ field: 'bandwidth', type: 'ullong', value: bandwidth });
    if (granularity !== undefined)
      parameters.push({ field: 'granularity', type: 'uint', value: granularity });
    if (bufferSize !== undefined) parameters.push({ field: 'buf-size', type: 'ullong', value: bufferSize });
    await this.#rpc.call(procedures.domainBlockCopy, { domain, disk, xml, parameters, flags }, options);
  }

  // Backups

  /**
   * `virDomainBackupBegin`: `backupXml` says which disks go where, `checkpointXml` makes a checkpoint of the
   * same moment. It runs as the domain's job. The one flag, 1, reuses files that exist.
   */
  async beginBackup(
    domain: DomainRef,
    backupXml: string,
    { checkpointXml, flags = 0 }: { readonly checkpointXml?: string; readonly flags?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainBackupBegin, { domain, backupXml, checkpointXml, flags }, options);
  }

  /** `virDomainBackupGetXMLDesc`: the backup that runs; NO_DOMAIN_BACKUP when none does. */
  async backupXml(domain: DomainRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainBackupGetXmlDesc, { domain, flags: 0 }, options)).xml;
  }
}
