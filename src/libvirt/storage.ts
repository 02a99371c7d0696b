import type { ValueOf } from '../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/storage.ts';

/** How a volume is named in every call: its pool, its name there, and its key (for files, the path). */
export type VolumeRef = ValueOf<typeof procedures.volumeRef>;

/** The storage volumes of one connection. */
export class Storage {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virStorageVolLookupByPath`: a file that no active pool holds is an error (NO_STORAGE_VOL). */
  async lookupVolumeByPath(path: string, options?: CallOptions): Promise<VolumeRef> {
    return (await this.#rpc.call(procedures.storageVolLookupByPath, { path }, options)).volume;
  }

  /** `virStorageVolDelete`: the data is gone. */
  async deleteVolume(volume: VolumeRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storageVolDelete, { volume, flags: 0 }, options);
  }
}
