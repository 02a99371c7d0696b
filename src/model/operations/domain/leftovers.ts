import { posix } from 'node:path';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, parseXml } from '../../../client/libvirt/xml-object.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import type { HostVolume } from '../volume/host-volumes.ts';
import { FileUse } from './file-use.ts';
import { hasCheckpoints, type NvramState, nvramIn, type TpmState, tpmIn } from './firmware-state.ts';
import { askDomain, type DomainCall, recordOf } from './on-domain.ts';
import { disksIn, type FileRole, type NamedFile, snapshotFilesIn } from './own-files.ts';
import { type UndefineNote, undefineNoteIn } from './undefine-note.ts';

/** A file of a domain that nobody else is known to use, which libvirt can delete. */
export interface DeletableFile extends HostVolume {
  /** `backing`: another of its files starts from it. */
  readonly role: FileRole | 'backing';
}

/** A file of a domain that stays in any case, and why. */
export interface KeptFile {
  /** A path, or what else people call it. */
  readonly name: string;
  readonly why:
    | { readonly kind: 'used'; readonly by: readonly string[] }
    | { readonly kind: 'shareable' }
    /** It is a device, or not on the host at all. */
    | { readonly kind: 'elsewhere' }
    | { readonly kind: 'pool-off'; readonly pool: string }
    /** libvirt cannot look into its folder. */
    | { readonly kind: 'unseen'; readonly reason: string };
}

/** What a domain has besides its definition. */
export interface Leftovers {
  readonly target: DomainTarget;
  readonly managedSave: boolean;
  readonly nvram: NvramState | undefined;
  readonly tpm: TpmState | undefined;
  readonly snapshots: number;
  readonly checkpoints: number;
  readonly files: readonly DeletableFile[];
  readonly kept: readonly KeptFile[];
  /** What was chosen when its removal was begun and did not come to its end. */
  readonly begun: UndefineNote | undefined;
}

/** What is known already. */
export interface LeftoverChoices {
  /** Who uses which files of the host, but for the domains that are to go. Asked only where there are files. */
  readonly use?: () => Promise<FileUse>;
}

/** What would be left when only the definition went. @throws GoneError; RemoteError when libvirt refuses to say */
export function findLeftovers(
  target: DomainTarget,
  choices: LeftoverChoices,
  options: OperationOptions = {},
): Promise<Leftovers> {
  return askDomain(target, async (call) => {
    const { connection, ref } = call;
    const libVersion = await connection.libVersion(options);
    const [xml, managedSave, snapshots, checkpoints] = await Promise.all([
      connection.domains.xml(ref, DomainXml.INACTIVE, options),
      orNone(connection.domains.hasManagedSave(ref, options), false),
      orNone(connection.snapshots.list(ref, undefined, options), []),
      hasCheckpoints(libVersion) ? orNone(connection.checkpoints.list(ref, undefined, options), []) : [],
    ]);
    const domain = child(parseXml(xml), 'domain');
    const isRunning = isActive(recordOf(target).state);
    const snapshotFiles = await Promise.all(
      snapshots.map(async (each) => {
        const described = await connection.snapshots.xml(each, 0, options);
        return snapshotFilesIn(child(parseXml(described), 'domainsnapshot'));
      }),
    );
    // What is in use is not offered for deletion.
    const named = isRunning ? [] : [...disksIn(domain), ...snapshotFiles.flat()];
    return {
      target,
      managedSave,
      nvram: nvramIn(domain),
      tpm: tpmIn(domain, { libVersion, isRunning }),
      snapshots: snapshots.length,
      checkpoints: checkpoints.length,
      ...(await sortFiles(named, call, choices, options)),
      begun: undefineNoteIn(xml),
    };
  });
}

async function sortFiles(
  named: readonly NamedFile[],
  { connection, ref }: DomainCall,
  choices: LeftoverChoices,
  options: OperationOptions,
): Promise<Pick<Leftovers, 'files' | 'kept'>> {
  if (named.length === 0) return { files: [], kept: [] };
  const use = await (choices.use?.() ?? FileUse.read(connection, new Set([ref.uuid]), options));
  const sorting = new Sorting(use, options);
  for (const each of named) await sorting.add(each);
  return sorting.end();
}

/** What may be deleted of some files of a domain: nothing that another of its files, which stays, starts from. */
export function withoutBases(
  chosen: readonly DeletableFile[],
  all: readonly DeletableFile[],
): readonly DeletableFile[] {
  const staying = new Set(all.filter((file) => !chosen.includes(file)).map(({ backing }) => backing));
  const left = chosen.filter(({ path }) => !staying.has(path));
  return left.length === chosen.length ? chosen : withoutBases(left, all);
}

/** Sorts the files of one domain into those that may be deleted with it and those that stay. */
class Sorting {
  readonly #use: FileUse;
  readonly #options: OperationOptions;
  readonly #files = new Map<string, DeletableFile>();
  readonly #kept = new Map<string, KeptFile>();

  constructor(use: FileUse, options: OperationOptions) {
    this.#use = use;
    this.#options = options;
  }

  async add({ role, place, isShareable }: NamedFile): Promise<void> {
    if (place.kind === 'elsewhere') return this.#keep(place.name, { kind: 'elsewhere' });
    if (place.kind === 'volume') {
      const { pool, name } = place;
      if (!this.#use.volumes.hasPool(pool)) this.#keep(`${pool}/${name}`, { kind: 'pool-off', pool });
    }
    const volume =
      place.kind === 'volume'
        ? this.#use.volumes.findIn(place.pool, place.name)
        : await this.#find(place.path, place.kind === 'device');
    if (volume !== undefined) await this.#addVolume(volume, role, isShareable);
  }

  /** What others need is known only when all of its own files are. */
  end(): Pick<Leftovers, 'files' | 'kept'> {
    for (const file of this.#files.values()) {
      const others = this.#use.volumes.overlaysOf(file.path).filter(({ path }) => !this.#files.has(path));
      const by = [...this.#use.usersOf(file.path), ...others.map(({ path }) => path)];
      if (by.length > 0) this.#keep(file.path, { kind: 'used', by });
    }
    // What a file that stays starts from stays as well; one that was kept here is looked at in its turn.
    for (const path of this.#kept.keys()) {
      const from = this.#files.get(path)?.backing;
      if (from !== undefined && this.#files.has(from)) this.#keep(from, { kind: 'used', by: [path] });
    }
    const files = [...this.#files.values()].filter(({ path }) => !this.#kept.has(path));
    return { files, kept: [...this.#kept.values()] };
  }

  async #addVolume(volume: HostVolume, role: DeletableFile['role'], isShareable = false): Promise<void> {
    if (this.#files.has(volume.path)) return;
    if (isShareable) this.#keep(volume.path, { kind: 'shareable' });
    this.#files.set(volume.path, { ...volume, role });
    if (volume.backing === undefined) return;
    const backing = await this.#find(volume.backing, false);
    if (backing !== undefined) await this.#addVolume(backing, 'backing');
  }

  /** Undefined for what is gone. */
  async #find(path: string, isDevice: boolean): Promise<HostVolume | undefined> {
    const { volumes } = this.#use;
    const known = volumes.find(path);
    if (known !== undefined || !posix.isAbsolute(path)) return known;
    if (isDevice) {
      this.#keep(path, { kind: 'elsewhere' });
      return undefined;
    }
    const reason = await volumes.include(posix.dirname(path), this.#options);
    if (reason !== undefined) this.#keep(path, { kind: 'unseen', reason });
    return volumes.find(path);
  }

  #keep(name: string, why: KeptFile['why']): void {
    if (!this.#kept.has(name)) this.#kept.set(name, { name, why });
  }
}

/** A driver without such a thing has none of it. */
async function orNone<T, N>(call: Promise<T>, none: N): Promise<T | N> {
  try {
    return await call;
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return none;
    throw error;
  }
}
