import type { TypedParameter } from '../../rpc/types.ts';
import { domainState } from './state.ts';
import type { StateAndReason } from './domain.ts';
import type { ParameterTree } from '../parameters.ts';

/** All in ns. */
export interface CpuStats {
  readonly time: bigint | undefined;
  readonly user: bigint | undefined;
  readonly system: bigint | undefined;
  /** Spent on polling before a halt: where it paid off, and where not. */
  readonly haltPollSuccess: bigint | undefined;
  readonly haltPollFail: bigint | undefined;
  /** What each monitored group of vCPUs takes of the host's caches. */
  readonly cacheMonitors: readonly ResourceMonitor<{
    readonly id: number | undefined;
    readonly bytes: bigint | undefined;
  }>[];
}

export interface ResourceMonitor<B> {
  readonly name: string | undefined;
  /** A list such as `0-3`. */
  readonly vcpus: string | undefined;
  readonly banks: readonly B[];
}

/** Sizes in KiB. */
export interface BalloonStats {
  readonly currentKiB: number | undefined;
  readonly maximumKiB: number | undefined;
  readonly swapInKiB: number | undefined;
  readonly swapOutKiB: number | undefined;
  readonly majorFaults: number | undefined;
  readonly minorFaults: number | undefined;
  /** Free, by the guest's own account. */
  readonly unusedKiB: number | undefined;
  readonly availableKiB: number | undefined;
  /** What could be taken away without swapping. */
  readonly usableKiB: number | undefined;
  /** What the QEMU process takes of the host. */
  readonly rssKiB: number | undefined;
  readonly diskCachesKiB: number | undefined;
  readonly hugePageAllocations: number | undefined;
  readonly hugePageFailures: number | undefined;
  /** In seconds since 1970: when the guest last reported. */
  readonly lastUpdate: number | undefined;
}

export interface VcpuStats {
  readonly index: number;
  readonly state: 'offline' | 'running' | 'blocked' | undefined;
  /** In ns, like the next two. */
  readonly time: bigint | undefined;
  /** Ready to run, but waiting for its turn on the host. */
  readonly wait: bigint | undefined;
  readonly delay: bigint | undefined;
  readonly halted: boolean | undefined;
  /** The hypervisor's own counters, by libvirt's names. */
  readonly hypervisor: HypervisorStats;
}

/** Counters of which libvirt promises neither the names nor the meaning. */
export type HypervisorStats = ReadonlyMap<string, TypedParameter['value']>;

export interface TrafficStats {
  readonly bytes: bigint | undefined;
  readonly packets: bigint | undefined;
  readonly errors: bigint | undefined;
  readonly drops: bigint | undefined;
}

export interface InterfaceStats {
  readonly index: number;
  /** On the host, such as `vnet0`. */
  readonly name: string | undefined;
  readonly received: TrafficStats;
  readonly sent: TrafficStats;
}

/** Requests, bytes and ns. */
export interface RequestStats {
  readonly requests: bigint | undefined;
  readonly bytes: bigint | undefined;
  readonly time: bigint | undefined;
}

export interface BlockStats {
  readonly index: number;
  /** The target, such as `vda`. */
  readonly name: string | undefined;
  readonly path: string | undefined;
  /** Which layer, where the backing files are listed too. */
  readonly backingIndex: number | undefined;
  readonly read: RequestStats;
  readonly written: RequestStats;
  readonly flushed: Omit<RequestStats, 'bytes'>;
  readonly errors: bigint | undefined;
  /** In bytes, like the next three: the highest offset in use. */
  readonly allocation: bigint | undefined;
  readonly capacity: bigint | undefined;
  readonly physical: bigint | undefined;
  /** Where the event `blockThreshold` is raised. */
  readonly threshold: bigint | undefined;
}

export interface IoThreadStats {
  readonly id: number;
  /** In ns; 0 is no polling. */
  readonly pollMax: bigint | undefined;
  readonly pollGrow: number | undefined;
  readonly pollShrink: number | undefined;
}

export interface DirtyRateStats {
  readonly status: 'unstarted' | 'measuring' | 'measured' | undefined;
  /** In seconds: of the host's clock, and for how long. */
  readonly startTime: number | undefined;
  readonly period: number | undefined;
  readonly mode: string | undefined;
  readonly mebibytesPerSecond: number | undefined;
  readonly vcpus: readonly { readonly index: number; readonly mebibytesPerSecond: number | undefined }[];
}

/** One domain's statistics; a group that was not asked for, or does not apply, is undefined or empty. */
export interface DomainStats {
  readonly state: StateAndReason | undefined;
  readonly cpu: CpuStats | undefined;
  readonly balloon: BalloonStats | undefined;
  readonly vcpusCurrent: number | undefined;
  readonly vcpusMaximum: number | undefined;
  readonly vcpus: readonly VcpuStats[];
  readonly interfaces: readonly InterfaceStats[];
  readonly blocks: readonly BlockStats[];
  readonly ioThreads: readonly IoThreadStats[];
  /** Only the events that are switched on, by libvirt's names. */
  readonly perf: HypervisorStats;
  /** Bytes that each monitored group of vCPUs moved through each memory controller. */
  readonly memoryMonitors: readonly ResourceMonitor<{
    readonly id: number | undefined;
    readonly localBytes: bigint | undefined;
    readonly totalBytes: bigint | undefined;
  }>[];
  readonly dirtyRate: DirtyRateStats | undefined;
  readonly vm: HypervisorStats;
}

/** Reads one record of `virConnectGetAllDomainStats`. */
export function readDomainStats(tree: ParameterTree): DomainStats {
  const state = tree.number('state', 'state');
  return {
    state:
      state === undefined
        ? undefined
        : { state: domainState(state), reason: tree.number('state', 'reason') ?? 0 },
    cpu: group(tree.at('cpu'), readCpu),
    balloon: group(tree.at('balloon'), readBalloon),
    vcpusCurrent: tree.number('vcpu', 'current'),
    vcpusMaximum: tree.number('vcpu', 'maximum'),
    vcpus: tree.numbered('vcpu').map(([index, vcpu]) => readVcpu(index, vcpu)),
    interfaces: tree.numbered('net').map(([index, net]) => ({
      index,
      name: net.text('name'),
      received: readTraffic(net.at('rx')),
      sent: readTraffic(net.at('tx')),
    })),
    blocks: tree.numbered('block').map(([index, block]) => readBlock(index, block)),
    ioThreads: tree.numbered('iothread').map(([id, thread]) => ({
      id,
      pollMax: thread.bigint('poll-max-ns'),
      pollGrow: thread.number('poll-grow'),
      pollShrink: thread.number('poll-shrink'),
    })),
    perf: new Map(tree.at('perf').leaves()),
    memoryMonitors: readMonitors(tree.at('memory', 'bandwidth', 'monitor'), 'node', (node) => ({
      id: node.number('id'),
      localBytes: node.bigint('bytes', 'local'),
      totalBytes: node.bigint('bytes', 'total'),
    })),
    dirtyRate: group(tree.at('dirtyrate'), readDirtyRate),
    vm: new Map(tree.at('vm').leaves()),
  };
}

function group<T>(tree: ParameterTree, read: (tree: ParameterTree) => T): T | undefined {
  return tree.isEmpty ? undefined : read(tree);
}

function readCpu(cpu: ParameterTree): CpuStats {
  return {
    time: cpu.bigint('time'),
    user: cpu.bigint('user'),
    system: cpu.bigint('system'),
    haltPollSuccess: cpu.bigint('haltpoll', 'success', 'time'),
    haltPollFail: cpu.bigint('haltpoll', 'fail', 'time'),
    cacheMonitors: readMonitors(cpu.at('cache', 'monitor'), 'bank', (bank) => ({
      id: bank.number('id'),
      bytes: bank.bigint('bytes'),
    })),
  };
}

function readMonitors<B>(
  tree: ParameterTree,
  bankName: string,
  readBank: (bank: ParameterTree) => B,
): readonly ResourceMonitor<B>[] {
  return tree.numbered().map(([, monitor]) => ({
    name: monitor.text('name'),
    vcpus: monitor.text('vcpus'),
    banks: monitor.numbered(bankName).map(([, bank]) => readBank(bank)),
  }));
}

function readBalloon(balloon: ParameterTree): BalloonStats {
  return {
    currentKiB: balloon.number('current'),
    maximumKiB: balloon.number('maximum'),
    swapInKiB: balloon.number('swap_in'),
    swapOutKiB: balloon.number('swap_out'),
    majorFaults: balloon.number('major_fault'),
    minorFaults: balloon.number('minor_fault'),
    unusedKiB: balloon.number('unused'),
    availableKiB: balloon.number('available'),
    usableKiB: balloon.number('usable'),
    rssKiB: balloon.number('rss'),
    diskCachesKiB: balloon.number('disk_caches'),
    hugePageAllocations: balloon.number('hugetlb_pgalloc'),
    hugePageFailures: balloon.number('hugetlb_pgfail'),
    lastUpdate: balloon.number('last-update'),
  };
}

const VCPU_STATES = ['offline', 'running', 'blocked'] as const;
const VCPU_OWN = new Set(['state', 'time', 'wait', 'delay', 'halted']);

function readVcpu(index: number, vcpu: ParameterTree): VcpuStats {
  return {
    index,
    state: VCPU_STATES[vcpu.number('state') ?? -1],
    time: vcpu.bigint('time'),
    wait: vcpu.bigint('wait'),
    delay: vcpu.bigint('delay'),
    halted: vcpu.boolean('halted'),
    hypervisor: new Map([...vcpu.leaves()].filter(([name]) => !VCPU_OWN.has(name))),
  };
}

function readTraffic(traffic: ParameterTree): TrafficStats {
  return {
    bytes: traffic.bigint('bytes'),
    packets: traffic.bigint('pkts'),
    errors: traffic.bigint('errs'),
    drops: traffic.bigint('drop'),
  };
}

function readRequests(requests: ParameterTree): RequestStats {
  return {
    requests: requests.bigint('reqs'),
    bytes: requests.bigint('bytes'),
    time: requests.bigint('times'),
  };
}

function readBlock(index: number, block: ParameterTree): BlockStats {
  const flushed = readRequests(block.at('fl'));
  return {
    index,
    name: block.text('name'),
    path: block.text('path'),
    backingIndex: block.number('backingIndex'),
    read: readRequests(block.at('rd')),
    written: readRequests(block.at('wr')),
    flushed: { requests: flushed.requests, time: flushed.time },
    errors: block.bigint('errors'),
    allocation: block.bigint('allocation'),
    capacity: block.bigint('capacity'),
    physical: block.bigint('physical'),
    threshold: block.bigint('threshold'),
  };
}

const DIRTY_RATE_STATES = ['unstarted', 'measuring', 'measured'] as const;

function readDirtyRate(rate: ParameterTree): DirtyRateStats {
  return {
    status: DIRTY_RATE_STATES[rate.number('calc_status') ?? -1],
    startTime: rate.number('calc_start_time'),
    period: rate.number('calc_period'),
    mode: rate.text('calc_mode'),
    mebibytesPerSecond: rate.number('megabytes_per_second'),
    vcpus: rate.numbered('vcpu').map(([index, vcpu]) => ({
      index,
      mebibytesPerSecond: vcpu.number('megabytes_per_second'),
    })),
  };
}
