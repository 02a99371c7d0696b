import { isDeepStrictEqual } from 'node:util';
import { isLibvirtError } from '../../client/libvirt/error.ts';
import { ConnectionClosedError } from '../../client/rpc/error.ts';
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

export interface TrackerListener {
  readonly changed: (changes: ObjectChanges) => void;
  /** An object could not be read in the background. */
  readonly failed: (error: unknown) => void;
}

/** How many objects are read, and announced, together: all of a large host at once would block everything else. */
const BATCH = 200;
/** With more that wait to be read than these and all that are known, the list as a whole is cheaper, and bounded. */
const STALE_MAX = 1_000;

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
  /** Why the last try to read them failed. */
  readonly #unread = new Map<string, unknown>();
  readonly #ends: (() => Promise<void>)[] = [];
  #records = new Map<string, R>();
  /** Nobody knows which objects are stale, or there are too many. */
  #allStale = false;
  #refreshing: Promise<void> | undefined;
  #completing: Promise<void> | undefined;
  #wantsComplete = false;
  #loaded = false;
  #stopped = false;
  /** Nobody is told of changes before the records as a whole were announced. */
  #announced = false;

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
    await this.#refreshStale();
    if (this.#unread.has(key)) throw this.#unread.get(key);
  }

  /** Reads everything again. */
  async reload(): Promise<void> {
    this.#allStale = true;
    await this.#refreshStale();
    if (this.#wantsComplete) this.#completeInBackground([...this.#records.keys()]);
  }

  /** Fills in what takes a call for each object, in the background, from now on. */
  complete(): void {
    if (this.#wantsComplete || this.#kind.complete === undefined) return;
    this.#wantsComplete = true;
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
    if (key === undefined || this.#stale.size >= this.#records.size + STALE_MAX) this.#allStale = true;
    else this.#stale.add(key);
    if (this.#loaded) this.#inBackground(this.#refreshStale());
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#report(error));
  }

  /** A link that ended is announced by the host itself, not once for each thing that waited for it. */
  #report(error: unknown): void {
    if (!this.#stopped && !(error instanceof ConnectionClosedError)) this.#listener.failed(error);
  }

  /**
   * One round at a time: events that arrive during a round are read in a later one, a storm of them once. Those
   * that come again and again queue up behind the others.
   */
  #refreshStale(): Promise<void> {
    if (!this.#allStale && this.#stale.size === 0) return this.#refreshing ?? Promise.resolve();
    this.#refreshing ??= this.#rounds().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #rounds(): Promise<void> {
    while (this.#allStale || this.#stale.size > 0) {
      const changes = draft();
      if (this.#allStale) await this.#readAllAgain(changes);
      else await this.#readBatch(changes);
      this.#announce(changes);
    }
    if (this.#wantsComplete) this.#completeInBackground(this.#incomplete());
  }

  async #readAllAgain(changes: Draft): Promise<void> {
    this.#allStale = false;
    this.#stale.clear();
    this.#unread.clear();
    const before = this.#records;
    this.#records = await this.#readAll(before);
    this.#addDifferences(changes, before, this.#records);
    changes.touched.push(...this.#records.keys(), ...changes.removed);
  }

  async #readBatch(changes: Draft): Promise<void> {
    const keys = [...this.#stale].slice(0, BATCH);
    for (const key of keys) this.#stale.delete(key);
    const read = await Promise.allSettled(keys.map((key) => this.#readOne(key)));
    for (const [index, key] of keys.entries()) {
      const result = read[index];
      this.#unread.delete(key);
      if (result?.status === 'fulfilled') this.#apply(key, result.value, changes);
      else {
        this.#unread.set(key, result?.reason);
        this.#report(result?.reason);
      }
    }
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
    const record = this.#next(previous, read);
    this.#records.set(key, record);
    this.#addDifference(changes, key, previous, record);
  }

  #incomplete(): readonly string[] {
    const isComplete = (record: R) => this.#kind.isComplete?.(record) ?? true;
    return [...this.#records].flatMap(([key, record]) => (isComplete(record) ? [] : [key]));
  }

  #completeInBackground(keys: readonly string[]): void {
    if (keys.length === 0) return;
    const work = (this.#completing ?? Promise.resolve()).then(() => this.#completeAll(keys));
    const settled = work.catch((error: unknown) => this.#report(error));
    this.#completing = settled;
    void settled.then(() => {
      if (this.#completing === settled) this.#completing = undefined;
    });
  }

  async #completeAll(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length && !this.#stopped; start += BATCH) {
      const changes = draft();
      await Promise.allSettled(
        keys.slice(start, start + BATCH).map((key) => this.#completeOne(key, changes)),
      );
      this.#announce(changes);
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
