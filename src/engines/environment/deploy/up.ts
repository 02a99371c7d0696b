import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { withLock } from '../../../model/files/lock.ts';
import type { GuestType } from '../../../model/guest/guest-spec.ts';
import { defineDomain } from '../../../model/operations/domain/define.ts';
import { startDomain } from '../../../model/operations/domain/start.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { GuestPool } from '../../../model/operations/pool/guest-pool.ts';
import { provision, provisionDigest } from '../access/provision.ts';
import { openPorts, type RunningGuest } from '../access/reach.ts';
import { seedFiles, writeSeed } from '../access/seed.ts';
import { uploaderToken } from '../images/uploader.ts';
import { SshKeys } from '../access/ssh-keys.ts';
import { mountFolders } from '../access/mount.ts';
import { sweepWorkspace } from '../access/sweep-workspace.ts';
import { waitForSsh } from '../access/wait.ts';
import type { Environment } from '../file/model.ts';
import { chooseBase, isBase, provideBase, type Uploader } from './base-copy.ts';
import {
  type BaseImage,
  type BuildInput,
  buildGuest,
  chooseType,
  defaultMountDriver,
  mountTag,
} from './build-guest.ts';
import { sweepBases } from './sweep-bases.ts';
import type { Facets } from './facets.ts';
import { findGuest, type FoundGuest } from './find-guest.ts';
import { ensureNetwork } from './networks.ts';
import { digest, isDisk, isStaged } from './names.ts';
import { type EnvironmentPlan, type GuestPlan, isDone, networkNameOf, planGuest } from './plan.ts';
import { writeProgress } from './progress.ts';
import type { Services } from './services.ts';
import {
  backingOf,
  deleteVolumes,
  ensureVolume,
  growVolume,
  hasVolume,
  type WantedVolume,
} from './storage.ts';

/** What became of a guest. */
export interface UpResult {
  readonly guest: string;
  readonly outcome: 'unchanged' | 'created' | 'changed' | 'started' | 'failed';
  readonly error?: unknown;
  /** It runs with its old configuration until its next start. */
  readonly restartPending: boolean;
  /** Keys of the file whose change needs Rebuild or Provision. */
  readonly rebuild: readonly string[];
  readonly provision: boolean;
}

export interface UpOptions {
  readonly signal: AbortSignal;
  /** How long to wait until a guest accepts logins. */
  readonly bootTimeoutMs: number;
}

/**
 * Carries out a plan. Each step first checks whether it is done already, and a domain is defined before anything is
 * created for it: wherever this ends, by an error, a Cancel or a crash, the next Up continues and deleting finds
 * everything. Failures are in the results; only a cancelled signal rejects.
 */
export async function up(
  environment: Environment,
  plan: EnvironmentPlan,
  services: Services,
  options: UpOptions,
): Promise<readonly UpResult[]> {
  const { signal } = options;
  await sweepWorkspace(services.folder);
  for (const { name, hostName, host, found, changes } of plan.networks) {
    const declared = environment.networks.find((network) => network.name === name);
    if (declared === undefined || (found?.active === true && changes.length === 0)) continue;
    for (const { guest } of plan.guests) services.report(guest.name, { kind: 'network', name: hostName });
    const ensure = () => ensureNetwork(host, hostName, declared, services, signal);
    await withLock(join(services.folder, '.networks.lock'), ensure, { signal });
  }
  const running = new Map<string, Promise<UpResult>>();
  const uploads: Uploads = new Map();
  const bring = (each: GuestPlan) =>
    alone(each, services, signal, (now) => new GuestUp(now, environment, services, options, uploads).run());
  for (const each of plan.guests) running.set(each.guest.name, upInOrder(each, running, services, bring));
  const results = await Promise.all(running.values());
  signal.throwIfAborted();
  return results;
}

async function upInOrder(
  plan: GuestPlan,
  running: ReadonlyMap<string, Promise<UpResult>>,
  services: Services,
  bring: (plan: GuestPlan) => Promise<Brought>,
): Promise<UpResult> {
  const { guest, changes } = plan;
  const rest = {
    guest: guest.name,
    rebuild: changes.filter(({ effect }) => effect === 'rebuild').map(({ key }) => key),
    provision: changes.some(({ effect }) => effect === 'provision'),
  };
  try {
    const waitedFor = guest.dependsOn.filter((name) => running.has(name));
    if (waitedFor.length > 0) services.report(guest.name, { kind: 'dependency', guests: waitedFor });
    const before = await Promise.all(waitedFor.flatMap((name) => running.get(name) ?? []));
    const failed = before.find(({ outcome }) => outcome === 'failed');
    if (failed !== undefined)
      throw new Error(t('{0} depends on {1}, which did not come up', guest.name, failed.guest));
    return { ...rest, ...(await bring(plan)) };
  } catch (error) {
    return { ...rest, outcome: 'failed', error, restartPending: false };
  }
}

/**
 * Brings a guest up while no other window does: it would make the same disk, and run the same scripts. What another one
 * has done meanwhile is done.
 */
async function alone(
  { guest, host }: GuestPlan,
  services: Services,
  signal: AbortSignal,
  bring: (plan: GuestPlan) => Promise<Brought>,
): Promise<Brought> {
  return withLock(
    join(services.folder, `.${guest.domain}.lock`),
    async () => bring(await planGuest(guest, host)),
    {
      signal,
      onWait: () => services.report(guest.name, { kind: 'other-window' }),
    },
  );
}

/** What a guest's own way up adds to its result. */
type Brought = Pick<UpResult, 'outcome' | 'restartPending'> & Partial<UpResult>;

/** The uploads by host and path: guests that start from the same image share its copy. */
type Uploads = Map<string, Promise<void>>;

/** One guest on its way up. */
class GuestUp {
  readonly #plan: GuestPlan;
  readonly #environment: Environment;
  readonly #services: Services;
  readonly #options: UpOptions;
  readonly #keys: SshKeys;
  readonly #uploads: Uploads;
  /** Whether its first disk is made by this Up. */
  #isNew = false;

  constructor(
    plan: GuestPlan,
    environment: Environment,
    services: Services,
    options: UpOptions,
    uploads: Uploads,
  ) {
    this.#uploads = uploads;
    this.#plan = plan;
    this.#environment = environment;
    this.#services = services;
    this.#options = options;
    this.#keys = new SshKeys(services.folder);
  }

  async run(): Promise<Brought> {
    const plan = this.#plan;
    const { guest, host, found } = plan;
    const changes = plan.changes.filter(({ effect }) => effect === 'now' || effect === 'restart');
    if (found !== undefined && isDone({ ...plan, changes })) {
      await openPorts(this.#running(found));
      return { outcome: 'unchanged', restartPending: found.restartPending };
    }
    const made = found === undefined || changes.length > 0 || !found.running ? await this.#make() : found;
    if (!made.running) await this.#start(made);
    const running = this.#running(made);
    await openPorts(running);
    await this.#finish(running, made);
    const now = await findGuest(host.connection, guest.domain);
    const outcome = found === undefined ? 'created' : changes.length > 0 ? 'changed' : 'started';
    const done = this.#isNew ? { rebuild: [], provision: false } : {};
    return { outcome, restartPending: now?.restartPending ?? false, ...done };
  }

  /** The domain as it should be, then its volumes. */
  async #make(): Promise<FoundGuest> {
    const { guest, host, found } = this.#plan;
    const { signal } = this.#options;
    const { connection } = host;
    const previous = found?.record?.volumes ?? [];
    const disk = previous.find(isDisk);
    const pool = await GuestPool.choose(connection, disk?.pool);
    const isLost = found?.running === false && disk !== undefined && !(await hasVolume(connection, disk));
    this.#isNew = found === undefined || isLost;
    // What was known of the old disk, such as the host key that was on it, went with it.
    if (isLost) await this.#keys.forget(guest.domain);
    const base = await this.#base(pool);
    const type = await this.#type();
    const seed = await this.#seed(type);
    this.#report({ kind: 'define' });
    const built = await buildGuest({
      guest,
      host,
      pool,
      id: this.#services.id,
      file: this.#services.file,
      facets: this.#facetsAfter(),
      networkName: (network) => networkNameOf(this.#environment, network),
      uuid: found?.ref.uuid,
      running: found?.running === true,
      seed,
      base,
      previous,
      progress: {
        ready: found?.running === true && found.progress.ready,
        // Noted before the disk is made: wherever this ends, nothing counts as done on a disk without it.
        provisioned: this.#isNew ? undefined : found?.progress.provisioned,
      },
      accel: type,
    });
    const ref = await defineDomain(host.host, { xml: built.xml }, { signal });
    for (const volume of built.volumes) {
      this.#report({ kind: 'volume', name: volume.name, fraction: undefined });
      const progress = (fraction: number) => this.#report({ kind: 'volume', name: volume.name, fraction });
      await this.#provide(pool, volume, { signal, progress });
      if (volume.kind === 'overlay' || volume.kind === 'empty') await this.#grow(pool, volume, found);
    }
    const stale = previous.filter(
      (old) => isStaged(old) && !built.volumes.some(({ name }) => name === old.name),
    );
    if (found?.running !== true) await deleteVolumes(connection, stale);
    const now = await findGuest(connection, guest.domain);
    if (now === undefined) throw new Error(t('{0} was removed by another program meanwhile', ref.name));
    return now;
  }

  async #start({ ref, progress }: FoundGuest): Promise<void> {
    const { host } = this.#plan;
    this.#report({ kind: 'start' });
    await writeProgress(host.connection, ref, { ...progress, ready: false });
    await startDomain(host.target(ref), {}, { signal: this.#options.signal });
  }

  /** Waits for logins to the running guest, mounts its folders and runs its scripts. */
  async #finish(running: RunningGuest, made: FoundGuest): Promise<void> {
    const { guest, host } = this.#plan;
    const { signal, bootTimeoutMs } = this.#options;
    let { provisioned } = made.progress;
    if (guest.ssh !== undefined) {
      const report = (phase: Parameters<Services['report']>[1]) => this.#report(phase);
      const target = await waitForSsh(running, {
        signal,
        timeoutMs: bootTimeoutMs,
        report,
        keys: this.#keys,
        onStall:
          guest.accel === 'auto' && (await this.#type()) === 'kvm'
            ? () => this.#services.stalled(guest.name)
            : undefined,
      });
      await mountFolders(running, this.#keys, target, { signal, report });
      const wanted = await provisionDigest(guest);
      if (wanted !== undefined && provisioned === undefined) {
        await provision(guest, this.#keys, target, {
          signal,
          onScript: (index, of) => this.#report({ kind: 'provision', index, of }),
          onOutput: (text) => this.#services.output(guest.name, text),
        });
        provisioned = wanted;
      }
    }
    await writeProgress(host.connection, made.ref, { ready: true, provisioned });
  }

  /** The choice that a person made for this machine replaces only `auto`. */
  async #type(): Promise<GuestType> {
    const { guest, host } = this.#plan;
    const chosen = guest.accel === 'auto' ? this.#services.acceleration(guest.name) : undefined;
    return chosen ?? chooseType(guest, host);
  }

  /**
   * The facets after this Up: changes that need Rebuild or Provision are not done yet, and keep their old value. A new
   * disk needs neither.
   */
  #facetsAfter(): Facets {
    const { facets, found } = this.#plan;
    if (found?.record === undefined || this.#isNew) return facets;
    const after = new Map(facets);
    for (const { key, from, effect } of this.#plan.changes) {
      if (effect !== 'rebuild' && effect !== 'provision') continue;
      if (from === undefined) after.delete(key);
      else after.set(key, from);
    }
    return after;
  }

  async #base(pool: GuestPool): Promise<BaseImage | undefined> {
    const { guest, host, found } = this.#plan;
    if (guest.source.kind !== 'image') return undefined;
    const { image } = guest.source;
    const { signal } = this.#options;
    if (image.kind === 'volume') {
      const { storagePools, storageVolumes } = host.connection;
      const volume = await storageVolumes.lookupByName(
        await storagePools.lookupByName(image.pool),
        image.volume,
      );
      const [path, { capacity }] = await Promise.all([
        storageVolumes.path(volume),
        storageVolumes.info(volume),
      ]);
      return { path, format: image.format, virtualBytes: Number(capacity), upload: undefined, hasOwn: true };
    }
    // Its overlay exists: the image, which may have been renewed or deleted since, is not needed.
    const disk = `${guest.domain}-disk1.qcow2`;
    const backing =
      found?.record?.volumes.some(({ name }) => name === disk) === true
        ? await backingOf(pool, disk)
        : undefined;
    if (backing !== undefined) return { ...backing, virtualBytes: 0, upload: undefined, hasOwn: false };
    this.#report({ kind: 'image', bytes: 0, total: undefined });
    const onProgress = (bytes: number, total: number | undefined) =>
      this.#report({ kind: 'image', bytes, total });
    const onConvert = (fraction: number) => this.#report({ kind: 'convert', fraction });
    const stored = await this.#services.images.ensure(image, { signal, onProgress, onConvert });
    const { path, format, virtualBytes, key } = stored;
    if (await host.canRead(path)) return { path, format, virtualBytes, upload: undefined, hasOwn: false };
    await sweepBases(pool, { signal });
    const upload = await chooseBase(pool, { key, format, path }, await this.#uploader());
    return { path: pool.pathOf(upload.name), format, virtualBytes, upload, hasOwn: false };
  }

  /** Its keys are created here, so that nobody is asked about them later. */
  async #seed(type: GuestType): Promise<BuildInput['seed']> {
    const { guest, host } = this.#plan;
    const { cloudInit, domain } = guest;
    if (cloudInit === undefined) return undefined;
    const path = join(this.#services.folder, `${domain}-seed.iso`);
    const driver = await defaultMountDriver(guest, host, type);
    const mounts = guest.mounts.map((mount, index) => ({
      mount,
      tag: mountTag(index),
      driver: mount.driver ?? driver,
    }));
    const authorizedKey = await this.#keys.ensureIdentity();
    const hostKey = await this.#keys.ensureHostKey(domain);
    const instanceId = `${domain}-${digest(hostKey.publicKey).slice(0, 12)}`;
    const files = await seedFiles({ cloudInit, instanceId, authorizedKey, hostKey, mounts });
    await writeSeed(files, path);
    return { file: path, digest: digest(JSON.stringify([...files])) };
  }

  #provide(pool: GuestPool, volume: WantedVolume, options: OperationOptions): Promise<void> {
    if (volume.kind !== 'upload') return ensureVolume(pool, volume, options);
    const place = `${this.#plan.host.name} ${pool.pathOf(volume.name)}`;
    const upload = this.#uploads.get(place) ?? this.#upload(pool, volume, options);
    this.#uploads.set(place, upload);
    return upload;
  }

  async #upload(
    pool: GuestPool,
    volume: Extract<WantedVolume, { kind: 'upload' }>,
    options: OperationOptions,
  ): Promise<void> {
    if (isBase(volume)) await provideBase(pool, volume, await this.#uploader(), options);
    else await ensureVolume(pool, volume, options);
  }

  async #uploader(): Promise<Uploader> {
    const { folder } = this.#services.images;
    return { folder, token: await uploaderToken(folder) };
  }

  async #grow(
    pool: GuestPool,
    disk: { readonly name: string; readonly bytes: number },
    found: FoundGuest | undefined,
  ): Promise<void> {
    if (disk.bytes === 0 || found === undefined) return;
    const { connection } = this.#plan.host;
    const resize = (path: string) => connection.domainBlocks.resize(found.ref, path, BigInt(disk.bytes));
    await growVolume(pool, disk, found.running ? { resize } : undefined);
  }

  #running({ ref }: FoundGuest): RunningGuest {
    const { guest, host } = this.#plan;
    return { guest, host, ref, forwards: this.#services.forwards };
  }

  #report(phase: Parameters<Services['report']>[1]): void {
    this.#services.report(this.#plan.guest.name, phase);
  }
}
