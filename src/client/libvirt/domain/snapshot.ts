import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/snapshot.ts';
import type { DomainRef } from './domain.ts';

/** How a snapshot is named in every call: its name, and its domain. */
export type SnapshotRef = ValueOf<typeof procedures.snapshotRef>;

/** `virDomainSnapshotCreateFlags`. */
export const CreateSnapshot = {
  /** Takes in what `xml` describes: nothing is stored. */
  REDEFINE: 1,
  /** With REDEFINE: makes it the current one. */
  CURRENT: 2,
  NO_METADATA: 4,
  /** Stops the domain afterwards. */
  HALT: 8,
  DISK_ONLY: 16,
  REUSE_EXTERNAL: 32,
  /** Has the agent freeze the file systems meanwhile. */
  QUIESCE: 64,
  ATOMIC: 128,
  LIVE: 256,
  VALIDATE: 512,
} as const;

/** `virDomainSnapshotListFlags`: a snapshot must match one of each group that is named. */
export const ListSnapshots = {
  /** Of a domain: those without a parent. Of a snapshot: all below it, not only its children. */
  ROOTS: 1,
  DESCENDANTS: 1,
  METADATA: 2,
  LEAVES: 4,
  NO_LEAVES: 8,
  NO_METADATA: 16,
  INACTIVE: 32,
  ACTIVE: 64,
  DISK_ONLY: 128,
  INTERNAL: 256,
  EXTERNAL: 512,
  /** Parents come before their children. */
  TOPOLOGICAL: 1024,
} as const;

/** `virDomainSnapshotRevertFlags`. */
export const RevertSnapshot = { RUNNING: 1, PAUSED: 2, FORCE: 4, RESET_NVRAM: 8 } as const;

/** `virDomainSnapshotDeleteFlags`. */
export const DeleteSnapshot = { CHILDREN: 1, METADATA_ONLY: 2, CHILDREN_ONLY: 4 } as const;

/** The snapshots of domains. */
export class Snapshots {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainSnapshotCreateXML` with {@link CreateSnapshot} flags; `<domainsnapshot/>` is enough. */
  async create(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<SnapshotRef> {
    const args = { domain, xml, flags };
    return (await this.#rpc.call(procedures.domainSnapshotCreateXml, args, options)).snapshot;
  }

  /** `virDomainListAllSnapshots` with {@link ListSnapshots} flags. */
  async list(domain: DomainRef, flags = 0, options?: CallOptions): Promise<readonly SnapshotRef[]> {
    const args = { domain, needResults: true, flags };
    return (await this.#rpc.call(procedures.domainListAllSnapshots, args, options)).items;
  }

  /** `virDomainSnapshotLookupByName`. */
  async lookupByName(domain: DomainRef, name: string, options?: CallOptions): Promise<SnapshotRef> {
    const args = { domain, name, flags: 0 };
    return (await this.#rpc.call(procedures.domainSnapshotLookupByName, args, options)).snapshot;
  }

  /** `virDomainHasCurrentSnapshot`. */
  async hasCurrent(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.domainHasCurrentSnapshot, { domain, flags: 0 }, options)).result;
  }

  /** `virDomainSnapshotCurrent`: NO_DOMAIN_SNAPSHOT when there is none. */
  async current(domain: DomainRef, options?: CallOptions): Promise<SnapshotRef> {
    return (await this.#rpc.call(procedures.domainSnapshotCurrent, { domain, flags: 0 }, options)).snapshot;
  }

  /** `virDomainSnapshotIsCurrent`. */
  async isCurrent(snapshot: SnapshotRef, options?: CallOptions): Promise<boolean> {
    const args = { snapshot, flags: 0 };
    return (await this.#rpc.call(procedures.domainSnapshotIsCurrent, args, options)).current;
  }

  /** `virDomainSnapshotHasMetadata`: whether libvirt would lose something with the domain's definition. */
  async hasMetadata(snapshot: SnapshotRef, options?: CallOptions): Promise<boolean> {
    const args = { snapshot, flags: 0 };
    return (await this.#rpc.call(procedures.domainSnapshotHasMetadata, args, options)).metadata;
  }

  /** `virDomainSnapshotGetXMLDesc`; flag `DomainXml.SECURE`. */
  async xml(snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainSnapshotGetXmlDesc, { snapshot, flags }, options)).xml;
  }

  /** `virDomainSnapshotGetParent`: NO_DOMAIN_SNAPSHOT for a root. */
  async parent(snapshot: SnapshotRef, options?: CallOptions): Promise<SnapshotRef> {
    const args = { snapshot, flags: 0 };
    return (await this.#rpc.call(procedures.domainSnapshotGetParent, args, options)).snapshot;
  }

  /** `virDomainSnapshotListAllChildren` with {@link ListSnapshots} flags. */
  async children(snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<readonly SnapshotRef[]> {
    const args = { snapshot, needResults: true, flags };
    return (await this.#rpc.call(procedures.domainSnapshotListAllChildren, args, options)).items;
  }

  /** `virDomainRevertToSnapshot` with {@link RevertSnapshot} flags: the present state is lost. */
  async revert(snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainRevertToSnapshot, { snapshot, flags }, options);
  }

  /** `virDomainSnapshotDelete` with {@link DeleteSnapshot} flags. */
  async delete(snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainSnapshotDelete, { snapshot, flags }, options);
  }
}
