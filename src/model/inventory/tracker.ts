import { isDeepStrictEqual } from 'node:util';
import { isLibvirtError } from '../../client/libvirt/error.ts';
import { CallTimeoutError, ConnectionClosedError } from '../../client/rpc/error.ts';
import type { Kind, ObjectRecord, Place } from './kinds/kind.ts';

/** By their keys; one change set is applied before it is announced. */
export interface ObjectChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Some of the changed ones have another name now, so that their place in a list may be another one. */
  readonly renamed: boolean;
  /** All that were read again, also those whose record stayed the same: their XML may be another one. */
  readonly touched: readonly string[];
}

/** A change set while it is put together. */
interface Draft {
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
  renamed: boolean;
  readonly touched: string[];
}

/** An object that is being read for somebody. */
interface Awaited {
  count: number;
  /** Why the last try failed. */
  failure: unknown;
}

export interface TrackerListener {
  readonly changed: (changes: ObjectChanges) => void;
  /** An object could not be read in the background. */
  readonly failed: (error: unknown) => void;
}

/** How many objects are read, and announced, together: all of a large host at once would block everything else. */
const BATCH = 200;
/** With more that wait to be read than these and all that are known, the list as a whole is cheaper, and bounded. */
const STALE_MAX = 1_000;
/** With more new ones than these since it was read, the list as a whole is read again: it has a bound of its own. */
const NEW_MAX = 5_000;
/** libvirt's names are shorter; what is longer is not kept only because it waits. */
const KEY_MAX = 1_000;
/** What fails again and again says nothing new. Counted anew when all was read without a failure. */
const REPORTS_MAX = 20;

/**
 * Keeps the objects of one kind current, on one connection. An event only marks an object as stale; what is shown is
 * always read from the daemon afterwards, so no order of events and replies can leave a wrong picture.
 */
export class Tracker<R extends ObjectRecord> {
  readonly #kind: Kind<R>;
  readonly #place: Place;
  readonly #previous: ReadonlyMap<string, R>;
  readonly #listener: TrackerListener;
  readonly #stale = new Set<string>();
  /** Those that somebody waits for. */
  readonly #awaited = new Map<string, Awaited>();
  readonly #ends: (() => Promise<void>)[] = [];
  #records = new Map<string, R>();
  /** How many the list had when it was last read. */
  #listed = 0;
  /** Nobody knows which objects are stale, or there are too many. */
  #allStale = false;
  #refreshing: Promise<void> | undefined;
  #completing: Promise<void> | undefined;
  /** Which are to be {@link complete}: all of them, or these. */
  #wanted: 'all' | Set<string> = new Set();
  #toComplete = new Set<string>();
  #loaded = false;
  #stopped = false;
  /** Nobody is told of changes before the records as a whole were announced. */
  #announced = false;
  #reports = 0;
  #hasOverflowed = false;

  /** `previous` is what was known from an earlier connection, which {@link announceStart} compares with. */
  constructor(kind: Kind<R>, place: Place, previous: ReadonlyMap<string, R>, listener: TrackerListener) {
    this.#kind = kind;
    this.#place = place;
    this.#previous = previous;
    this.#listener = listener;
  }

  /** By key. */
  get records(): ReadonlyMap<string, R> {
    return this.#records;
  }

  /** Reads everything once and follows the events from then on. */
  async start(): Promise<void> {
    await this.#follow();
    this.#records = await this.#readAll(this.#previous);
    this.#loaded = true;
    // Events that came while the list was on its way may be newer than the list.
    await this.#refreshStale();
  }

  /** Announces the difference to what was known before, as one change set. Call it when the records count. */
  announceStart(): void {
    const changes = draft();
    this.#addDifferences(changes, this.#previous, this.#records);
    this.#announced = true;
    this.#announce(changes);
  }

  /** Ends the events. What is being read is not announced any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#ends.splice(0).map((end) => end()));
  }

  /** Reads one object again: for changes that libvirt has no event for. @throws Error when that fails. */
  async refresh(key: string): Promise<void> {
    this.#stale.add(key);
    const awaited = this.#awaited.get(key) ?? { count: 0, failure: undefined };
    this.#awaited.set(key, awaited);
    awaited.count += 1;
    try {
      await this.#refreshStale();
      if (awaited.failure !== undefined) throw awaited.failure;
    } finally {
      awaited.count -= 1;
      if (awaited.count === 0) this.#awaited.delete(key);
    }
  }

  /** Reads everything again. */
  async reload(): Promise<void> {
    this.#allStale = true;
    await this.#refreshStale();
    this.#completeInBackground([...this.#records.keys()].filter((key) => this.#isWanted(key)));
  }

  /** Fills in what takes a call for each object, in the background, from now on. */
  complete(keys: Iterable<string> | 'all' = 'all'): void {
    if (this.#wanted === 'all' || this.#kind.complete === undefined) return;
    if (keys === 'all') this.#wanted = 'all';
    else for (const key of keys) this.#wanted.add(key);
    if (this.#loaded) this.#completeInBackground(this.#incomplete());
  }

  /** Settles when all that is being filled in is there. */
  async completed(): Promise<void> {
    this.complete();
    await this.#completing;
  }

  /** A driver that has no such events is asked again when somebody looks. */
  async #follow(): Promise<void> {
    const begun = this.#kind.follow?.(this.#place, (key) => this.#touch(key)) ?? [];
    for (const result of await Promise.allSettled(begun)) {
      if (result.status === 'fulfilled') this.#ends.push(result.value);
      else if (!isLibvirtError(result.reason)) throw result.reason;
    }
    if (this.#stopped) await this.stop();
  }

  #touch(key: string | undefined): void {
    if (this.#stopped) return;
    if (key === undefined || key.length > KEY_MAX) this.#allStale = true;
    else if (this.#stale.size < this.#records.size + STALE_MAX) this.#stale.add(key);
    else this.#overflow();
    // What goes on already looks for more when it is done: nothing may pile up behind it.
    if (this.#loaded && this.#refreshing === undefined) this.#inBackground(this.#refreshStale());
  }

  /** The list as a whole says what all the events would have said. A person is told once. */
  #overflow(): void {
    this.#allStale = true;
    this.#stale.clear();
    if (this.#hasOverflowed) return;
    this.#hasOverflowed = true;
    // not for people: it is for the log
    this.#report(new Error('The host sends more events than can be followed: all is read again instead'));
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#report(error));
  }

  /** A link that ended is announced by the host itself, not once for each thing that waited for it. */
  #report(error: unknown): void {
    if (this.#stopped || error instanceof ConnectionClosedError) return;
    this.#reports += 1;
    if (this.#reports <= REPORTS_MAX) this.#listener.failed(error);
  }

  /**
   * One round at a time: events that arrive during a round are read in a later one, a storm of them once. Those
   * that come again and again queue up behind the others.
   */
  #refreshStale(): Promise<void> {
    if (!this.#allStale && this.#stale.size === 0) return this.#refreshing ?? Promise.resolve();
    return (this.#refreshing ??= this.#rounds());
  }

  async #rounds(): Promise<void> {
    try {
      while (this.#allStale || this.#stale.size > 0) {
        const changes = draft();
        if (this.#allStale) await this.#readAllAgain(changes);
        else await this.#readBatch(changes);
        this.#announce(changes);
      }
    } finally {
      // In the moment in which nothing more is looked for: what comes next begins anew.
      this.#refreshing = undefined;
    }
    this.#completeInBackground(this.#incomplete());
  }

  async #readAllAgain(changes: Draft): Promise<void> {
    this.#allStale = false;
    this.#stale.clear();
    const before = this.#records;
    try {
      this.#records = await this.#readAll(before);
    } catch (error) {
      // What is stale is still not known.
      this.#allStale = true;
      throw error;
    }
    this.#reports = 0;
    this.#addDifferences(changes, before, this.#records);
    for (const key of this.#records.keys()) changes.touched.push(key);
    for (const key of changes.removed) changes.touched.push(key);
  }

  async #readBatch(changes: Draft): Promise<void> {
    const keys = [...this.#stale].slice(0, BATCH);
    for (const key of keys) this.#stale.delete(key);
    const read = await Promise.allSettled(keys.map((key) => this.#readOne(key)));
    for (const [index, key] of keys.entries()) {
      const result = read[index];
      const awaited = this.#awaited.get(key);
      if (awaited !== undefined) awaited.failure = result?.status === 'rejected' ? result.reason : undefined;
      if (result?.status === 'fulfilled') this.#apply(key, result.value, changes);
      else this.#notRead(result?.reason, awaited);
    }
  }

  /** What a daemon did not answer in time is read with all else; who asked for it is told at once instead. */
  #notRead(reason: unknown, awaited: Awaited | undefined): void {
    if (reason instanceof CallTimeoutError && awaited === undefined) this.#allStale = true;
    this.#report(reason);
  }

  /** Undefined when it is gone. */
  async #readOne(key: string): Promise<R | undefined> {
    try {
      return await this.#kind.readOne(this.#place, key);
    } catch (error) {
      if (isLibvirtError(error, ...this.#kind.gone)) return undefined;
      throw error;
    }
  }

  async #readAll(before: ReadonlyMap<string, R>): Promise<Map<string, R>> {
    const records = new Map<string, R>();
    await this.#kind.readAll(this.#place, (key, record) =>
      records.set(key, this.#next(before.get(key), record)),
    );
    this.#listed = records.size;
    return records;
  }

  #next(before: R | undefined, now: R): R {
    return this.#kind.next?.(before, now) ?? now;
  }

  #apply(key: string, read: R | undefined, changes: Draft): void {
    changes.touched.push(key);
    const previous = this.#records.get(key);
    if (read === undefined) {
      if (this.#records.delete(key)) changes.removed.push(key);
      return;
    }
    if (previous === undefined && this.#records.size >= this.#listed + NEW_MAX) {
      this.#overflow();
      return;
    }
    const record = this.#next(previous, read);
    this.#records.set(key, record);
    this.#addDifference(changes, key, previous, record);
  }

  #incomplete(): readonly string[] {
    const isComplete = (record: R) => this.#kind.isComplete?.(record) ?? true;
    return [...this.#records].flatMap(([key, record]) =>
      isComplete(record) || !this.#isWanted(key) ? [] : [key],
    );
  }

  #isWanted(key: string): boolean {
    return this.#wanted === 'all' || this.#wanted.has(key);
  }

  #completeInBackground(keys: readonly string[]): void {
    // One that went meanwhile is not kept only because it waits.
    const wanted = [...this.#toComplete, ...keys].filter((key) => this.#records.has(key));
    this.#toComplete = new Set(wanted);
    if (wanted.length > 0)
      this.#completing ??= this.#completeAll().catch((error: unknown) => this.#report(error));
  }

  async #completeAll(): Promise<void> {
    try {
      while (this.#toComplete.size > 0 && !this.#stopped) {
        const changes = draft();
        const keys = [...this.#toComplete].slice(0, BATCH);
        for (const key of keys) this.#toComplete.delete(key);
        await Promise.allSettled(keys.map((key) => this.#completeOne(key, changes)));
        this.#announce(changes);
      }
    } finally {
      this.#completing = undefined;
    }
  }

  async #completeOne(key: string, changes: Draft): Promise<void> {
    const before = this.#records.get(key);
    const record = before && (await this.#kind.complete?.(this.#place, key, before));
    // One that vanished meanwhile, or was read by an event, needs nothing more.
    if (record === undefined || this.#records.get(key) !== before) return;
    this.#records.set(key, record);
    this.#addDifference(changes, key, before, record);
  }

  #addDifferences(changes: Draft, before: ReadonlyMap<string, R>, now: ReadonlyMap<string, R>): void {
    for (const [key, record] of now) this.#addDifference(changes, key, before.get(key), record);
    for (const key of before.keys()) if (!now.has(key)) changes.removed.push(key);
  }

  #addDifference(changes: Draft, key: string, previous: R | undefined, record: R): void {
    if (previous === undefined) changes.added.push(key);
    else if (!(this.#kind.same?.(previous, record) ?? isDeepStrictEqual(previous, record))) {
      changes.changed.push(key);
      changes.renamed ||= previous.name !== record.name;
    }
  }

  #announce(changes: ObjectChanges): void {
    const { added, changed, removed, touched } = changes;
    const isNothing = added.length + changed.length + removed.length + touched.length === 0;
    if (this.#announced && !this.#stopped && !isNothing) this.#listener.changed(changes);
  }
}

function draft(): Draft {
  return { added: [], changed: [], removed: [], renamed: false, touched: [] };
}
