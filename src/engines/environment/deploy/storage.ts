import { stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef, VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { rawVolumeXml } from '../../../model/guest/volume-xml.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { EnvironmentHost } from './environment-host.ts';

/** The pool that is made where there is no `default` one. */
const OWN_POOL = 'kvm-workbench';
const BASE_PREFIX = 'kvm-base-';

/** A volume that a guest needs. */
export type WantedVolume = { readonly name: string } & (
  | { readonly kind: 'empty'; readonly bytes: number; readonly format: 'qcow2' | 'raw' }
  | {
      readonly kind: 'overlay';
      readonly bytes: number;
      /** What it starts from, which is never written to. */
      readonly backing: { readonly path: string; readonly format: string };
    }
  /** The bytes of a file of this machine. */
  | { readonly kind: 'upload'; readonly file: string }
);

export interface VolumeOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** A directory of a host in which volumes of guests are made. */
export class GuestPool {
  readonly name: string;
  /** The directory, as the host knows it. */
  readonly path: string;
  readonly #connection: Connection;
  #ref: StoragePoolRef | undefined;

  private constructor(connection: Connection, name: string, path: string, ref: StoragePoolRef | undefined) {
    this.name = name;
    this.path = path;
    this.#connection = connection;
    this.#ref = ref;
  }

  /** The pool `default` if it is active, else a pool of our own, which is created with its first volume. */
  static async choose(host: EnvironmentHost): Promise<GuestPool> {
    const { connection } = host;
    for (const name of ['default', OWN_POOL]) {
      const found = await lookup(connection, name);
      if (found === undefined) continue;
      const { path, isDirectory } = await describe(connection, found);
      const usable = name === OWN_POOL || (await connection.storagePools.isActive(found));
      if (usable && isDirectory) return new GuestPool(connection, name, path, found);
    }
    return new GuestPool(connection, OWN_POOL, ownFolder(host), undefined);
  }

  pathOf(volume: string): string {
    return `${this.path}/${volume}`;
  }

  /**
   * Creates the volume unless it exists and is whole. A volume that a guest may have written to is never replaced.
   * Returns its path.
   */
  async ensure(wanted: WantedVolume, options: VolumeOptions): Promise<string> {
    const pool = await this.#open(options.signal);
    const found = await this.#find(pool, wanted.name);
    if (wanted.kind === 'upload') await this.#upload(pool, wanted, found, options);
    else if (found === undefined) await this.#create(pool, wanted, options.signal);
    return this.pathOf(wanted.name);
  }

  /** Grows a disk to its declared size. @throws Error when it would shrink */
  async grow(
    name: string,
    bytes: number,
    running: { resize(path: string): Promise<void> } | undefined,
  ): Promise<boolean> {
    const pool = await lookup(this.#connection, this.name);
    const volume = pool === undefined ? undefined : await this.#find(pool, name);
    if (volume === undefined) return false;
    const { capacity } = await this.#connection.storageVolumes.info(volume);
    if (capacity === BigInt(bytes)) return false;
    if (capacity > BigInt(bytes))
      throw new Error(t('{0} would shrink and lose the data beyond its new end', name));
    if (running === undefined) await this.#connection.storageVolumes.resize(volume, BigInt(bytes));
    else await running.resize(this.pathOf(name));
    return true;
  }

  async exists(name: string): Promise<boolean> {
    const pool = await lookup(this.#connection, this.name);
    if (pool === undefined || !(await this.#connection.storagePools.isActive(pool))) return false;
    return (await this.#find(pool, name)) !== undefined;
  }

  /** In bytes; undefined while the pool is not there. */
  async available(): Promise<bigint | undefined> {
    const pool = await lookup(this.#connection, this.name);
    return pool === undefined ? undefined : (await this.#connection.storagePools.info(pool)).available;
  }

  async #open(signal: AbortSignal): Promise<StoragePoolRef> {
    const { storagePools } = this.#connection;
    const ref = (this.#ref ??= (await lookup(this.#connection, this.name)) ?? (await this.#define()));
    if (await storagePools.isActive(ref)) return ref;
    try {
      await storagePools.build(ref, 0, { signal });
      await storagePools.start(ref, 0, { signal });
    } catch (error) {
      // Another guest's start of it may have come between.
      if (signal.aborted || !(await storagePools.isActive(ref))) throw error;
    }
    return ref;
  }

  /** Two guests may find at the same time that the pool is missing. */
  async #define(): Promise<StoragePoolRef> {
    const xml = writeXml(
      element(
        'pool',
        { type: 'dir' },
        element('name', {}, this.name),
        element('target', {}, element('path', {}, this.path)),
      ),
    );
    try {
      return await this.#connection.storagePools.defineXml(xml);
    } catch (error) {
      const meanwhile = await lookup(this.#connection, this.name);
      if (meanwhile === undefined) throw error;
      return meanwhile;
    }
  }

  async #find(pool: StoragePoolRef, name: string): Promise<VolumeRef | undefined> {
    try {
      return await this.#connection.storageVolumes.lookupByName(pool, name);
    } catch (error) {
      if (isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) return undefined;
      throw error;
    }
  }

  async #create(
    pool: StoragePoolRef,
    wanted: Exclude<WantedVolume, { kind: 'upload' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const format = wanted.kind === 'overlay' ? 'qcow2' : wanted.format;
    const xml = writeXml(
      element(
        'volume',
        {},
        element('name', {}, wanted.name),
        element('capacity', { unit: 'bytes' }, wanted.bytes),
        element('allocation', {}, 0),
        element('target', {}, element('format', { type: format })),
        wanted.kind === 'overlay'
          ? element(
              'backingStore',
              {},
              element('path', {}, wanted.backing.path),
              element('format', { type: wanted.backing.format }),
            )
          : undefined,
      ),
    );
    await this.#connection.storageVolumes.create(pool, xml, 0, { signal });
  }

  /** Bytes arrive in their order, so that a file as long as its source is whole. */
  async #upload(
    pool: StoragePoolRef,
    { name, file }: { name: string; file: string },
    found: VolumeRef | undefined,
    { signal, onProgress }: VolumeOptions,
  ): Promise<void> {
    const { storageVolumes, volumeTransfers } = this.#connection;
    const { size } = await stat(file);
    if (found !== undefined && (await storageVolumes.physicalSize(found)) === BigInt(size)) return;
    if (found !== undefined) await storageVolumes.delete(found, 0, { signal });
    const volume = await storageVolumes.create(pool, rawVolumeXml(name), 0, { signal });
    await volumeTransfers.upload(volume, file, {
      signal,
      onProgress: (bytes) => onProgress?.(size === 0 ? 1 : bytes / size),
    });
  }
}

/** The name of an image's copy in a pool, which guests of any workspace share. */
export function baseName(key: string, format: string): string {
  return `${BASE_PREFIX}${key}.${format}`;
}

/** Deletes the volumes of a guest, and copies of images that no other guest starts from. Missing volumes are fine. */
export async function deleteVolumes(
  connection: Connection,
  volumes: readonly { pool: string; name: string }[],
): Promise<void> {
  // Overlays go first: they hold their base.
  for (const { pool, name } of volumes.toSorted((a, b) => Number(isBase(a)) - Number(isBase(b)))) {
    const ref = await lookup(connection, pool);
    if (ref === undefined || !(await connection.storagePools.isActive(ref))) continue;
    try {
      const volume = await connection.storageVolumes.lookupByName(ref, name);
      if (isBase({ name }) && (await isStartedFrom(connection, ref, volume))) continue;
      await connection.storageVolumes.delete(volume);
    } catch (error) {
      if (!isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) throw error;
    }
  }
}

function isBase({ name }: { name: string }): boolean {
  return name.startsWith(BASE_PREFIX);
}

async function isStartedFrom(
  connection: Connection,
  pool: StoragePoolRef,
  base: VolumeRef,
): Promise<boolean> {
  const { storageVolumes, storagePools } = connection;
  const path = await storageVolumes.path(base);
  for (const volume of await storagePools.volumes(pool)) {
    const xml = child(parseXml(await storageVolumes.xml(volume)), 'volume');
    if (text(child(xml, 'backingStore'), 'path') === path) return true;
  }
  return false;
}

/** Removes our own pool with its last volume. Not while guests come up: one of them may be about to use it. */
export async function removeOwnPool(connection: Connection): Promise<void> {
  const { storagePools } = connection;
  const pool = await lookup(connection, OWN_POOL);
  if (pool === undefined || !(await storagePools.isActive(pool))) return;
  if ((await storagePools.volumes(pool)).length > 0) return;
  await storagePools.destroy(pool);
  await storagePools.delete(pool);
  await storagePools.undefine(pool);
}

async function lookup({ storagePools }: Connection, name: string): Promise<StoragePoolRef | undefined> {
  try {
    return await storagePools.lookupByName(name);
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_STORAGE_POOL)) return undefined;
    throw error;
  }
}

async function describe(connection: Connection, ref: StoragePoolRef) {
  const pool = child(parseXml(await connection.storagePools.xml(ref)), 'pool');
  const path = text(child(pool, 'target'), 'path') ?? '';
  return { path, isDirectory: text(pool, '@type') === 'dir' && path !== '' };
}

/** A folder that QEMU's user can reach: the system daemon's own, or libvirt's in the user's data. */
function ownFolder(host: EnvironmentHost): string {
  if (!host.isSession) return `/var/lib/libvirt/images/${OWN_POOL}`;
  if (!host.isLocal) return `/var/tmp/${OWN_POOL}-${userInfo().username}`;
  const data = process.env['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(data) ? data : join(homedir(), '.local/share'), 'libvirt/images', OWN_POOL);
}
