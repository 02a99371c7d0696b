import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/host.ts';

/** `VIR_NODE_CPU_STATS_ALL_CPUS` and `VIR_NODE_MEMORY_STATS_ALL_CELLS`. */
const ALL = -1;

export interface NodeInfo {
  /** The CPUs' architecture, such as x86_64. */
  readonly model: string;
  readonly memoryKiB: number;
  /** Those that are switched on. */
  readonly cpus: number;
  readonly mhz: number;
  readonly numaNodes: number;
  /** For each NUMA node; then cores for each socket, threads for each core. */
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

export interface SecurityModel {
  readonly model: string;
  readonly doi: string;
}

/** In ns since the host started, as far as it says. */
export interface NodeCpuStats {
  readonly kernel: bigint | undefined;
  readonly user: bigint | undefined;
  readonly idle: bigint | undefined;
  readonly ioWait: bigint | undefined;
  readonly interrupts: bigint | undefined;
  /** In percent, from drivers that count no time. */
  readonly utilization: bigint | undefined;
}

/** In KiB, as far as the host says. */
export interface NodeMemoryStats {
  readonly totalKiB: number | undefined;
  readonly freeKiB: number | undefined;
  readonly buffersKiB: number | undefined;
  readonly cachedKiB: number | undefined;
}

/** What to describe; libvirt takes its default for what is left out. */
export interface DomainCapabilitiesOf {
  /** The path of a QEMU. */
  readonly emulator?: string;
  readonly arch?: string;
  readonly machine?: string;
  /** `kvm` or `qemu`. */
  readonly virtType?: string;
}

/** The host behind a connection. */
export class HostNode {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virNodeGetInfo`. */
  async info(options?: CallOptions): Promise<NodeInfo> {
    const { memory, nodes, ...info } = await this.#rpc.call(procedures.nodeGetInfo, undefined, options);
    return { ...info, memoryKiB: Number(memory), numaNodes: nodes };
  }

  /** `virNodeGetSecurityModel`: what confines its domains, such as `apparmor`, and its domain of interpretation. */
  securityModel(options?: CallOptions): Promise<SecurityModel> {
    return this.#rpc.call(procedures.nodeGetSecurityModel, undefined, options);
  }

  /** `virNodeGetFreeMemory`, in bytes. */
  async freeMemory(options?: CallOptions): Promise<bigint> {
    return (await this.#rpc.call(procedures.nodeGetFreeMemory, undefined, options)).free;
  }

  /** `virNodeGetCPUStats` of one CPU, or over all. */
  async cpuStats(cpu: number = ALL, options?: CallOptions): Promise<NodeCpuStats> {
    const values = await this.#stats((count) =>
      this.#rpc.call(procedures.nodeGetCpuStats, { cpu, count, flags: 0 }, options),
    );
    return {
      kernel: values.get('kernel'),
      user: values.get('user'),
      idle: values.get('idle'),
      ioWait: values.get('iowait'),
      interrupts: values.get('intr'),
      utilization: values.get('utilization'),
    };
  }

  /** `virNodeGetMemoryStats` of one NUMA node, or over all. */
  async memoryStats(cell: number = ALL, options?: CallOptions): Promise<NodeMemoryStats> {
    const values = await this.#stats((count) =>
      this.#rpc.call(procedures.nodeGetMemoryStats, { cell, count, flags: 0 }, options),
    );
    const kib = (field: string) => {
      const value = values.get(field);
      return value === undefined ? undefined : Number(value);
    };
    return {
      totalKiB: kib('total'),
      freeKiB: kib('free'),
      buffersKiB: kib('buffers'),
      cachedKiB: kib('cached'),
    };
  }

  /** `virConnectGetMaxVcpus`: for one domain of that type, such as `kvm`. */
  async maxVcpus(type?: string, options?: CallOptions): Promise<number> {
    return (await this.#rpc.call(procedures.connectGetMaxVcpus, { type }, options)).max;
  }

  /** `virConnectGetSysinfo`: the host's SMBIOS as XML. */
  async sysinfo(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.connectGetSysinfo, { flags: 0 }, options)).sysinfo;
  }

  /** `virConnectGetCPUModelNames`: what `<model>` may say in a domain of that architecture. */
  async cpuModels(arch: string, options?: CallOptions): Promise<readonly string[]> {
    const args = { arch, needResults: true, flags: 0 };
    return (await this.#rpc.call(procedures.connectGetCpuModelNames, args, options)).models;
  }

  /** `virConnectGetDomainCapabilities`: XML of what a domain there may have. */
  async domainCapabilities(of: DomainCapabilitiesOf = {}, options?: CallOptions): Promise<string> {
    const { emulator, arch, machine, virtType } = of;
    const args = { emulator, arch, machine, virtType, flags: 0 };
    return (await this.#rpc.call(procedures.connectGetDomainCapabilities, args, options)).capabilities;
  }

  /** `virConnectGetStoragePoolCapabilities`: XML of the types of pools and volumes. */
  async storagePoolCapabilities(options?: CallOptions): Promise<string> {
    const reply = await this.#rpc.call(procedures.connectGetStoragePoolCapabilities, { flags: 0 }, options);
    return reply.capabilities;
  }

  /** `virConnectDomainXMLFromNative`: domain XML of another format, such as `lxc-tools`. */
  async xmlFromNative(format: string, config: string, options?: CallOptions): Promise<string> {
    const args = { format, config, flags: 0 };
    return (await this.#rpc.call(procedures.connectDomainXmlFromNative, args, options)).xml;
  }

  /** `virConnectDomainXMLToNative`: with `qemu-argv`, the command line that the domain would run as. */
  async xmlToNative(format: string, xml: string, options?: CallOptions): Promise<string> {
    const args = { format, xml, flags: 0 };
    return (await this.#rpc.call(procedures.connectDomainXmlToNative, args, options)).config;
  }

  /** libvirt says how many values there are when it is asked for none. */
  async #stats(
    call: (count: number) => Promise<{
      readonly values: readonly { readonly field: string; readonly value: bigint }[];
      readonly count: number;
    }>,
  ): Promise<ReadonlyMap<string, bigint>> {
    const { count } = await call(0);
    const { values } = await call(count);
    return new Map(values.map(({ field, value }) => [field, value]));
  }
}
