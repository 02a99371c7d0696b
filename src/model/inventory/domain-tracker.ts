import type { Connection } from '../../client/libvirt/connect.ts';
import { ConnectionClosedError } from '../../client/rpc/error.ts';
import { type DomainFacts, type DomainRecord, nextRecord, refOf, sameRecord } from './domain-record.ts';
import { readAllDomains, readDomain } from './domain-reader.ts';

/** UUIDs; one change set is applied before it is announced. */
export interface DomainChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Some of the changed ones have another name now, so that their place in a list may be another one. */
  readonly renamed: boolean;
}

/** A change set while it is put together. */
interface Draft {
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
  renamed: boolean;
}

export interface TrackerListener {
  readonly changed: (changes: DomainChanges) => void;
  /** A domain could not be read in the background. */
  readonly failed: (error: unknown) => void;
}

/** How many domains are read, and announced, together: all of a large host at once would block everything else. */
const BATCH = 200;

/**
 * Keeps the domains of one connection current. An event only marks its domain as stale; what is shown is
 * always read from the daemon afterwards, so no order of events and replies can leave a wrong picture.
 */
export class DomainTracker {
  readonly #connection: Connection;
  readonly #previous: ReadonlyMap<string, DomainRecord>;
  readonly #listener: TrackerListener;
  readonly #records = new Map<string, DomainRecord>();
  readonly #stale = new Set<string>();
  #refreshing: Promise<void> | undefined;
  #sizesRequested = false;
  /** Nobody is told of changes before the records as a whole were announced. */
  #announced = false;

  /** `previous` is what was known from an earlier connection, which {@link announceStart} compares with. */
  constructor(
    connection: Connection,
    previous: ReadonlyMap<string, DomainRecord>,
    listener: TrackerListener,
  ) {
    this.#connection = connection;
    this.#previous = previous;
    this.#listener = listener;
  }

  /** By UUID. */
  get records(): ReadonlyMap<string, DomainRecord> {
    return this.#records;
  }

  /** Reads everything once and follows the events from then on. */
  async start(): Promise<void> {
    let loaded = false;
    await this.#connection.domainEvents.on('lifecycle', ({ domain }) => {
      this.#stale.add(domain.uuid);
      if (loaded) this.#refreshInBackground();
    });
    await readAllDomains(this.#connection.domains, (facts) => {
      const { uuid } = facts.ref;
      this.#records.set(uuid, nextRecord(this.#previous.get(uuid), facts));
    });
    loaded = true;
    // Events that came while the list was on its way may be newer than the list.
    if (this.#stale.size > 0) await this.#refreshStale();
  }

  /** Announces the difference to what was known before, as one change set. Call it when the records count. */
  announceStart(): void {
    const changes = draft();
    for (const [uuid, record] of this.#records)
      addDifference(changes, uuid, this.#previous.get(uuid), record);
    for (const uuid of this.#previous.keys()) if (!this.#records.has(uuid)) changes.removed.push(uuid);
    this.#announced = true;
    this.#announce(changes);
  }

  /** Reads one domain again: for changes that libvirt has no event for, such as autostart. */
  async refresh(uuid: string): Promise<void> {
    this.#stale.add(uuid);
    await this.#refreshStale();
  }

  /** Reads the list again and then every domain in it, and those that were known before. */
  async reload(): Promise<void> {
    for (const { uuid } of await this.#connection.domains.list()) this.#stale.add(uuid);
    for (const uuid of this.#records.keys()) this.#stale.add(uuid);
    await this.#refreshStale();
  }

  /** Fills in vCPUs and memory where they are not known yet, in the background. */
  loadSizes(): void {
    if (this.#sizesRequested) return;
    this.#sizesRequested = true;
    this.#readSizes().catch((error: unknown) => this.#report(error));
  }

  #refreshInBackground(): void {
    this.#refreshStale().catch((error: unknown) => this.#report(error));
  }

  /** A link that ended is announced by the host itself, not once for each thing that waited for it. */
  #report(error: unknown): void {
    if (!(error instanceof ConnectionClosedError)) this.#listener.failed(error);
  }

  /**
   * One round at a time: events that arrive during a round are read in a later one, a storm of them once. Those
   * that come again and again queue up behind the others.
   */
  #refreshStale(): Promise<void> {
    this.#refreshing ??= this.#rounds().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #rounds(): Promise<void> {
    while (this.#stale.size > 0) {
      const uuids = [...this.#stale].slice(0, BATCH);
      for (const uuid of uuids) this.#stale.delete(uuid);
      const read = await Promise.allSettled(uuids.map((uuid) => readDomain(this.#connection.domains, uuid)));
      const changes = draft();
      for (const [index, uuid] of uuids.entries()) {
        const result = read[index];
        if (result?.status === 'fulfilled') this.#apply(uuid, result.value, changes);
        else this.#report(result?.reason);
      }
      this.#announce(changes);
    }
  }

  #apply(uuid: string, facts: DomainFacts | undefined, changes: Draft): void {
    const previous = this.#records.get(uuid);
    if (facts === undefined) {
      if (this.#records.delete(uuid)) changes.removed.push(uuid);
      return;
    }
    const record = nextRecord(previous, facts);
    this.#records.set(uuid, record);
    addDifference(changes, uuid, previous, record);
  }

  async #readSizes(): Promise<void> {
    const unknown = [...this.#records.values()].filter(({ size }) => size === undefined);
    for (let start = 0; start < unknown.length; start += BATCH) {
      const batch = unknown.slice(start, start + BATCH);
      const infos = await Promise.allSettled(
        batch.map((record) => this.#connection.domains.info(refOf(record))),
      );
      const changed: string[] = [];
      for (const [index, { uuid }] of batch.entries()) {
        const info = infos[index];
        const record = this.#records.get(uuid);
        // One that vanished meanwhile, or was read by an event, needs nothing more.
        if (record === undefined || record.size !== undefined || info?.status !== 'fulfilled') continue;
        const { vcpus, memoryKiB } = info.value;
        this.#records.set(uuid, { ...record, size: { vcpus, memoryKiB } });
        changed.push(uuid);
      }
      this.#announce({ ...draft(), changed });
    }
  }

  #announce(changes: DomainChanges): void {
    const { added, changed, removed } = changes;
    if (this.#announced && added.length + changed.length + removed.length > 0)
      this.#listener.changed(changes);
  }
}

function draft(): Draft {
  return { added: [], changed: [], removed: [], renamed: false };
}

function addDifference(
  changes: Draft,
  uuid: string,
  previous: DomainRecord | undefined,
  record: DomainRecord,
): void {
  if (previous === undefined) changes.added.push(uuid);
  else if (!sameRecord(previous, record)) {
    changes.changed.push(uuid);
    changes.renamed ||= previous.name !== record.name;
  }
}
