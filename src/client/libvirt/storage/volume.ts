import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/storage-volume.ts';
import type { StoragePoolRef, VolumeRef } from './refs.ts';

/** `virStorageVolCreateFlags`. */
export const CreateVolume = {
  PREALLOCATE_METADATA: 1,
  /** A clone that shares what it can with its source. */
  REFLINK: 2,
  VALIDATE: 4,
} as const;

/** `virStorageVolDeleteFlags`. */
export const DeleteVolume = { ZEROED: 1, WITH_SNAPSHOTS: 2 } as const;

/** `virStorageVolResizeFlags`. */
export const ResizeVolume = {
  ALLOCATE: 1,
  /** The size is by how much, not to what. */
  DELTA: 2,
  /** Allows it to become smaller: what is beyond the end is lost. */
  SHRINK: 4,
} as const;

/** `virStorageVolWipeAlgorithm`. */
export const WipeAlgorithm = {
  ZERO: 0,
  NNSA: 1,
  DOD: 2,
  BSI: 3,
  GUTMANN: 4,
  SCHNEIER: 5,
  PFITZNER7: 6,
  PFITZNER33: 7,
  RANDOM: 8,
  TRIM: 9,
} as const;

const GET_PHYSICAL = 1;
const TYPES = ['file', 'block', 'dir', 'network', 'netdir', 'ploop'] as const;

/** Sizes in bytes. */
export interface VolumeInfo {
  readonly type: (typeof TYPES)[number] | 'other';
  /** What a guest sees. */
  readonly capacity: bigint;
  /** What it takes of the pool. */
  readonly allocation: bigint;
}

/** The storage volumes of one connection. */
export class StorageVolumes {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virStorageVolLookupByName`. */
  async lookupByName(pool: StoragePoolRef, name: string, options?: CallOptions): Promise<VolumeRef> {
    return (await this.#rpc.call(procedures.storageVolLookupByName, { pool, name }, options)).volume;
  }

  /** `virStorageVolLookupByKey`. */
  async lookupByKey(key: string, options?: CallOptions): Promise<VolumeRef> {
    return (await this.#rpc.call(procedures.storageVolLookupByKey, { key }, options)).volume;
  }

  /** `virStorageVolLookupByPath`: a file that no active pool holds is an error (NO_STORAGE_VOL). */
  async lookupByPath(path: string, options?: CallOptions): Promise<VolumeRef> {
    return (await this.#rpc.call(procedures.storageVolLookupByPath, { path }, options)).volume;
  }

  /** `virStorageVolGetInfo`. */
  async info(volume: VolumeRef, options?: CallOptions): Promise<VolumeInfo> {
    return volumeInfo(await this.#rpc.call(procedures.storageVolGetInfo, { volume }, options));
  }

  /** `virStorageVolGetInfoFlags` with `VIR_STORAGE_VOL_GET_PHYSICAL`: the size of the file, in bytes. */
  async physicalSize(volume: VolumeRef, options?: CallOptions): Promise<bigint> {
    const args = { volume, flags: GET_PHYSICAL };
    return (await this.#rpc.call(procedures.storageVolGetInfoFlags, args, options)).allocation;
  }

  /** `virStorageVolGetXMLDesc`. */
  async xml(volume: VolumeRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.storageVolGetXmlDesc, { volume, flags: 0 }, options)).xml;
  }

  /** `virStorageVolGetPath`: what a domain's disk has as its source. */
  async path(volume: VolumeRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.storageVolGetPath, { volume }, options)).path;
  }

  /** `virStorageVolCreateXML` with {@link CreateVolume} flags. */
  async create(pool: StoragePoolRef, xml: string, flags = 0, options?: CallOptions): Promise<VolumeRef> {
    return (await this.#rpc.call(procedures.storageVolCreateXml, { pool, xml, flags }, options)).volume;
  }

  /** `virStorageVolCreateXMLFrom` with {@link CreateVolume} flags: with the data of `source`, of any pool. */
  async clone(
    pool: StoragePoolRef,
    xml: string,
    source: VolumeRef,
    flags = 0,
    options?: CallOptions,
  ): Promise<VolumeRef> {
    const args = { pool, xml, source, flags };
    return (await this.#rpc.call(procedures.storageVolCreateXmlFrom, args, options)).volume;
  }

  /** `virStorageVolDelete` with {@link DeleteVolume} flags: the data are gone. */
  async delete(volume: VolumeRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storageVolDelete, { volume, flags }, options);
  }

  /** `virStorageVolResize`, in bytes, with {@link ResizeVolume} flags: not while a guest uses it. */
  async resize(volume: VolumeRef, capacity: bigint, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storageVolResize, { volume, capacity, flags }, options);
  }

  /** `virStorageVolWipePattern` with a {@link WipeAlgorithm}: the data are gone for good. */
  async wipe(
    volume: VolumeRef,
    algorithm: number = WipeAlgorithm.ZERO,
    options?: CallOptions,
  ): Promise<void> {
    await this.#rpc.call(procedures.storageVolWipePattern, { volume, algorithm, flags: 0 }, options);
  }
}

function volumeInfo(info: { type: number; capacity: bigint; allocation: bigint }): VolumeInfo {
  return { ...info, type: TYPES[info.type] ?? 'other' };
}
