import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import type { EventMessage } from '../../rpc/procedure.ts';
import * as procedures from '../../rpc/procedures/storage-pool.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';
import type { StoragePoolRef, VolumeRef } from './refs.ts';

/** `virConnectListAllStoragePoolsFlags`: a pool must match one of each group that is named. */
export const ListPools = {
  INACTIVE: 0x1,
  ACTIVE: 0x2,
  PERSISTENT: 0x4,
  TRANSIENT: 0x8,
  AUTOSTART: 0x10,
  NO_AUTOSTART: 0x20,
  DIR: 0x40,
  FS: 0x80,
  NETFS: 0x100,
  LOGICAL: 0x200,
  DISK: 0x400,
  ISCSI: 0x800,
  SCSI: 0x1000,
  MPATH: 0x2000,
  RBD: 0x4000,
  SHEEPDOG: 0x8000,
  GLUSTER: 0x10000,
  ZFS: 0x20000,
  VSTORAGE: 0x40000,
  ISCSI_DIRECT: 0x80000,
} as const;

/** `virStorageXMLFlags`: the definition, also while it runs with another configuration. */
export const PoolXml = { INACTIVE: 1 } as const;

/** `virStoragePoolDefineFlags`. */
export const DefinePool = { VALIDATE: 1 } as const;

/** `virStoragePoolCreateFlags`. */
export const StartPool = { BUILD: 1, BUILD_OVERWRITE: 2, BUILD_NO_OVERWRITE: 4 } as const;

/** `virStoragePoolBuildFlags`; without one, what is new is made. */
export const BuildPool = { REPAIR: 1, RESIZE: 2, NO_OVERWRITE: 4, OVERWRITE: 8 } as const;

/** `virStoragePoolDeleteFlags`. */
export const DeletePool = { ZEROED: 1 } as const;

const STATES = ['inactive', 'building', 'running', 'degraded', 'inaccessible'] as const;
const EVENTS = ['defined', 'undefined', 'started', 'stopped', 'created', 'deleted'] as const;
const EVENT_LIFECYCLE = 0;
const EVENT_REFRESH = 1;

/** Sizes in bytes. */
export interface StoragePoolInfo {
  readonly state: (typeof STATES)[number] | 'other';
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

export interface StoragePoolEvent {
  readonly pool: StoragePoolRef;
  readonly event: (typeof EVENTS)[number] | 'other';
}

/** The storage pools of one connection. */
export class StoragePools {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /** `virConnectListAllStoragePools` with {@link ListPools} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly StoragePoolRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllStoragePools, args, options)).items;
  }

  /** `virConnectFindStoragePoolSources`: XML of what a pool of that type could be made from. */
  async findSources(type: string, source?: string, options?: CallOptions): Promise<string> {
    const args = { type, source, flags: 0 };
    return (await this.#rpc.call(procedures.connectFindStoragePoolSources, args, options)).xml;
  }

  /** `virStoragePoolLookupByName`. */
  async lookupByName(name: string, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolLookupByName, { name }, options)).pool;
  }

  /** `virStoragePoolLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolLookupByUuid, { uuid }, options)).pool;
  }

  /** `virStoragePoolLookupByVolume`. */
  async lookupByVolume(volume: VolumeRef, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolLookupByVolume, { volume }, options)).pool;
  }

  /** `virStoragePoolLookupByTargetPath`: the active pool of that directory. */
  async lookupByTargetPath(path: string, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolLookupByTargetPath, { path }, options)).pool;
  }

  /** `virStoragePoolGetInfo`. */
  async info(pool: StoragePoolRef, options?: CallOptions): Promise<StoragePoolInfo> {
    const info = await this.#rpc.call(procedures.storagePoolGetInfo, { pool }, options);
    return { ...info, state: STATES[info.state] ?? 'other' };
  }

  /** `virStoragePoolGetXMLDesc` with {@link PoolXml} flags. */
  async xml(pool: StoragePoolRef, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.storagePoolGetXmlDesc, { pool, flags }, options)).xml;
  }

  /** `virStoragePoolIsActive`. */
  async isActive(pool: StoragePoolRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.storagePoolIsActive, { pool }, options)).active;
  }

  /** `virStoragePoolIsPersistent`. */
  async isPersistent(pool: StoragePoolRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.storagePoolIsPersistent, { pool }, options)).persistent;
  }

  /** `virStoragePoolGetAutostart`. */
  async autostart(pool: StoragePoolRef, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.storagePoolGetAutostart, { pool }, options)).autostart;
  }

  /** `virStoragePoolListAllVolumes`: only of an active pool. */
  async volumes(pool: StoragePoolRef, options?: CallOptions): Promise<readonly VolumeRef[]> {
    const args = { pool, needResults: true, flags: 0 };
    return (await this.#rpc.call(procedures.storagePoolListAllVolumes, args, options)).items;
  }

  /** `virStoragePoolCreateXML` with {@link StartPool} flags: a transient pool, running. */
  async createXml(xml: string, flags = 0, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolCreateXml, { xml, flags }, options)).pool;
  }

  /** `virStoragePoolDefineXML` with {@link DefinePool} flags: it is not started. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<StoragePoolRef> {
    return (await this.#rpc.call(procedures.storagePoolDefineXml, { xml, flags }, options)).pool;
  }

  /** `virStoragePoolBuild` with {@link BuildPool} flags: makes the directory, the volume group… */
  async build(pool: StoragePoolRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolBuild, { pool, flags }, options);
  }

  /** `virStoragePoolCreate` with {@link StartPool} flags: starts it. */
  async start(pool: StoragePoolRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolCreate, { pool, flags }, options);
  }

  /** `virStoragePoolDestroy`: stops it; its data stay. */
  async destroy(pool: StoragePoolRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolDestroy, { pool }, options);
  }

  /** `virStoragePoolDelete` with {@link DeletePool} flags: takes apart what build made. The data are gone. */
  async delete(pool: StoragePoolRef, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolDelete, { pool, flags }, options);
  }

  /** `virStoragePoolUndefine`. */
  async undefine(pool: StoragePoolRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolUndefine, { pool }, options);
  }

  /** `virStoragePoolRefresh`: looks for volumes that others made or removed. */
  async refresh(pool: StoragePoolRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolRefresh, { pool, flags: 0 }, options);
  }

  /** `virStoragePoolSetAutostart`. */
  async setAutostart(pool: StoragePoolRef, autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.storagePoolSetAutostart, { pool, autostart }, options);
  }

  /** `virConnectStoragePoolEventRegisterAny` for `VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE`: all, or one pool. */
  onLifecycle(listener: (event: StoragePoolEvent) => void, pool?: StoragePoolRef): Promise<Unsubscribe> {
    return this.#on(procedures.storagePoolEventLifecycle, EVENT_LIFECYCLE, pool, (message) =>
      listener({ pool: message.pool, event: EVENTS[message.event] ?? 'other' }),
    );
  }

  /** `virConnectStoragePoolEventRegisterAny` for `VIR_STORAGE_POOL_EVENT_ID_REFRESH`: volumes may have changed. */
  onRefresh(
    listener: (event: { readonly pool: StoragePoolRef }) => void,
    pool?: StoragePoolRef,
  ): Promise<Unsubscribe> {
    return this.#on(procedures.storagePoolEventRefresh, EVENT_REFRESH, pool, (message) =>
      listener({ pool: message.pool }),
    );
  }

  #on<W extends { readonly callbackId: number }>(
    message: EventMessage<W>,
    eventId: number,
    pool: StoragePoolRef | undefined,
    listener: (message: W) => void,
  ): Promise<Unsubscribe> {
    const wiring = {
      message,
      register: () => this.#rpc.call(procedures.connectStoragePoolEventRegisterAny, { eventId, pool }),
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectStoragePoolEventDeregisterAny, { callbackId }),
    };
    return this.#sources.subscribe(`${eventId} ${pool?.uuid ?? ''}`, wiring, listener);
  }
}
