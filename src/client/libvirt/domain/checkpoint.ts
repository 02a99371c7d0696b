import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/checkpoint.ts';
import type { DomainRef } from './domain.ts';

/** How a checkpoint is named in every call: its name, and its domain. */
export type CheckpointRef = ValueOf<typeof procedures.checkpointRef>;

/** `virDomainCheckpointCreateFlags`. */
export const CreateCheckpoint = {
  /** Takes in what `xml` describes, for a domain that was moved here with its disks. */
  REDEFINE: 1,
  QUIESCE: 2,
  /** With REDEFINE: checks that the disks have the bitmaps. */
  REDEFINE_VALIDATE: 4,
} as const;

/** `virDomainCheckpointXMLFlags`. */
export const CheckpointXml = {
  SECURE: 1,
  NO_DOMAIN: 2,
  /** With how many bytes have changed since, for each disk; only while it runs. */
  SIZE: 4,
} as const;

/** `virDomainCheckpointListFlags`. */
export const ListCheckpoints = {
  /** Of a domain: those without a parent. Of a checkpoint: all below it, not only its children. */
  ROOTS: 1,
  DESCENDANTS: 1,
  /** Parents come before their children. */
  TOPOLOGICAL: 2,
  LEAVES: 4,
  NO_LEAVES: 8,
} as const;

/** `virDomainCheckpointDeleteFlags`. */
export const DeleteCheckpoint = { CHILDREN: 1, METADATA_ONLY: 2, CHILDREN_ONLY: 4 } as const;

/** Checkpoints: points in time since which domains track what changes on their disks, for backups. */
export class Checkpoints {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainCheckpointCreateXML` with {@link CreateCheckpoint} flags: the domain must run. */
  async create(domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<CheckpointRef> {
    const args = { domain, xml, flags };
    return (await this.#rpc.call(procedures.domainCheckpointCreateXml, args, options)).checkpoint;
  }

  /** `virDomainListAllCheckpoints` with {@link ListCheckpoints} flags. */
  async list(domain: DomainRef, flags = 0, options?: CallOptions): Promise<readonly CheckpointRef[]> {
    const args = { domain, needResults: true, flags };
    return (await this.#rpc.call(procedures.domainListAllCheckpoints, args, options)).items;
  }

  /** `virDomainCheckpointLookupByName`. */
  async lookupByName(domain: DomainRef, name: string, options?: CallOptions): Promise<CheckpointRef> {
    const args = { domain, name, flags: 0 };
    return (await this.#rpc.call(procedures.domainCheckpointLookupByName, args, options)).checkpoint;
  }

  /** `virDomainCheckpointGetXMLDesc` with {@link CheckpointXml} flags. */
  async xml(checkpoint: CheckpointRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.domainCheckpointGetXmlDesc, { checkpoint, flags }, options)).xml;
  }

  /** `virDomainCheckpointGetParent`: NO_DOMAIN_CHECKPOINT for a root. */
  async parent(checkpoint: CheckpointRef, options?: CallOptions): Promise<CheckpointRef> {
    const args = { checkpoint, flags: 0 };
    return (await this.#rpc.call(procedures.domainCheckpointGetParent, args, options)).checkpoint;
  }

  /** `virDomainCheckpointListAllChildren` with {@link ListCheckpoints} flags. */
  async children(
    checkpoint: CheckpointRef,
    flags = 0,
    options?: CallOptions,
  ): Promise<readonly CheckpointRef[]> {
    const args = { checkpoint, needResults: true, flags };
    return (await this.#rpc.call(procedures.domainCheckpointListAllChildren, args, options)).items;
  }

  /** `virDomainCheckpointDelete` with {@link DeleteCheckpoint} flags. */
  async delete(checkpoint: CheckpointRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.domainCheckpointDelete, { checkpoint, flags }, options);
  }
}
