import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain-save.ts';
import type { DomainRef } from './domain.ts';

/** `virDomainCoreDumpFlags`. */
export const DumpCore = {
  /** The domain counts as crashed afterwards. */
  CRASH: 1,
  /** It runs on meanwhile. */
  LIVE: 2,
  BYPASS_CACHE: 4,
  RESET: 8,
  /** What debuggers read (ELF); without it, libvirt's own format with the device states. */
  MEMORY_ONLY: 16,
} as const;

/** `virDomainCoreDumpFormat`; anything but RAW only with {@link DumpCore}.MEMORY_ONLY. */
export const DumpFormat = {
  RAW: 0,
  KDUMP_ZLIB: 1,
  KDUMP_LZO: 2,
  KDUMP_SNAPPY: 3,
  WINDOWS: 4,
} as const;

/** The memory of domains in files on the host. The flags are `SaveDomain`'s, paths are the host's. */
export class DomainImages {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainSaveFlags`: writes its memory to `to` and stops it. `xml` is what a restore then starts. */
  async save(
    domain: DomainRef,
    to: string,
    { xml, flags = 0 }: { readonly xml?: string; readonly flags?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainSaveFlags, { domain, to, xml, flags }, options);
  }

  /** `virDomainRestoreFlags`: runs what was saved to `from`, changed to `xml` when that is given. */
  async restore(
    from: string,
    { xml, flags = 0 }: { readonly xml?: string; readonly flags?: number } = {},
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainRestoreFlags, { from, xml, flags }, options);
  }

  /** `virDomainSaveImageGetXMLDesc`: the domain in a file; flag `DomainXml.SECURE`. */
  async xml(file: string, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainSaveImageGetXmlDesc, { file, flags }, options)).xml;
  }

  /** `virDomainSaveImageDefineXML`: changes the domain in a file. */
  async defineXml(file: string, xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSaveImageDefineXml, { file, xml, flags }, options);
  }

  /** `virDomainManagedSaveGetXMLDesc`: the domain in its managed save image; flag `DomainXml.SECURE`. */
  async managedXml(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainManagedSaveGetXmlDesc, { domain, flags }, options)).xml;
  }

  /** `virDomainManagedSaveDefineXML`: changes the domain in its managed save image. */
  async defineManagedXml(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainManagedSaveDefineXml, { domain, xml, flags }, options);
  }

  /** `virDomainCoreDumpWithFormat`, {@link DumpFormat} and {@link DumpCore}. */
  async dumpCore(
    domain: DomainRef,
    to: string,
    format: number = DumpFormat.RAW,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainCoreDumpWithFormat, { domain, to, format, flags }, options);
  }
}
