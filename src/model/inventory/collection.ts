import type { Connection } from '../../client/libvirt/connect.ts';
import type { Kind, ObjectRecord } from './kinds/kind.ts';
import { Tracker, type TrackerListener } from './tracker.ts';

/**
 * The objects of one kind on a host, over all its connections: tracked while somebody reads them and the host is
 * connected, remembered while the link is being restored.
 */
export class Collection<R extends ObjectRecord> {
  readonly kind: Kind<R>;
  readonly parent: string | undefined;
  readonly #listener: TrackerListener;
  readonly #none: ReadonlyMap<string, R> = new Map();
  #remembered = this.#none;
  #tracker: Tracker<R> | undefined;
  #starting: { readonly tracker: Tracker<R>; readonly done: Promise<void> } | undefined;
  #problem: unknown;
  #wanted: 'all' | Set<string> = new Set();
  #readers = 0;

  constructor(kind: Kind<R>, parent: string | undefined, listener: TrackerListener) {
    this.kind = kind;
    this.parent = parent;
    this.#listener = listener;
  }

  /** By key: what is known now, or what was known when the link was lost. */
  get records(): ReadonlyMap<string, R> {
    return this.#tracker?.records ?? this.#remembered;
  }

  /** Whether they are followed right now, so that no record at all means that there is none. */
  get isTracked(): boolean {
    return this.#tracker !== undefined;
  }

  /** Whether they are neither followed nor being read for the first time. */
  get isIdle(): boolean {
    return this.#tracker === undefined && this.#starting === undefined;
  }

  /** Why they could not be read the last time; undefined while they are followed. */
  get problem(): unknown {
    return this.#problem;
  }

  /** How many want to know of them. */
  get readers(): number {
    return this.#readers;
  }

  /** One reader more; the function it returns is one less. Calling it again does nothing. */
  addReader(): () => void {
    let counts = true;
    this.#readers++;
    return () => {
      if (counts) this.#readers--;
      counts = false;
      if (this.#readers === 0) this.detach(false);
    };
  }

  /**
   * Reads all of them on a connection and follows them from then on. Nothing is announced before
   * {@link announceStart}. @throws Error when they cannot be read.
   */
  attach(connection: Connection): Promise<void> {
    const tracker = new Tracker(
      this.kind,
      { connection, parent: this.parent },
      this.#remembered,
      this.#listener,
    );
    const done = this.#start(tracker);
    this.#starting = { tracker, done };
    return done;
  }

  /** Settles when the reading that goes on is done, however it ends. */
  async settled(): Promise<void> {
    await this.#starting?.done.catch(() => undefined);
  }

  /** Tells of what is different from what was remembered. */
  announceStart(): void {
    this.#remembered = this.#none;
    this.#tracker?.announceStart();
  }

  /** The connection is gone, or nobody reads any more. `remember`: what was known is still shown. */
  detach(remember: boolean): void {
    this.#remembered = remember ? this.records : this.#none;
    const tracker = this.#starting?.tracker ?? this.#tracker;
    this.#starting = undefined;
    this.#tracker = undefined;
    // On a link that ended there is nothing to take back.
    tracker?.stop().catch((error: unknown) => this.#listener.failed(error));
  }

  /** Reads one again; does nothing while they are not tracked. */
  async refresh(key: string): Promise<void> {
    await this.#tracker?.refresh(key);
  }

  /** Reads all of them again; does nothing while they are not tracked. */
  async reload(): Promise<void> {
    await this.#tracker?.reload();
  }

  /** Fills in what takes a call for each (of these), from now on and after every reconnection. */
  complete(keys: Iterable<string> | 'all' = 'all'): void {
    if (keys === 'all') this.#wanted = 'all';
    else if (this.#wanted !== 'all') for (const key of keys) this.#wanted.add(key);
    this.#tracker?.complete(keys);
  }

  /** Settles when what is being filled in is there. */
  async completed(): Promise<void> {
    this.complete();
    await this.settled();
    await this.#tracker?.completed();
  }

  async #start(tracker: Tracker<R>): Promise<void> {
    try {
      await tracker.start();
    } catch (error) {
      if (this.#starting?.tracker === tracker) {
        this.#starting = undefined;
        this.#problem = error;
      }
      await tracker.stop().catch(() => undefined);
      throw error;
    }
    if (this.#starting?.tracker !== tracker) return;
    this.#starting = undefined;
    this.#tracker = tracker;
    this.#problem = undefined;
    tracker.complete(this.#wanted);
  }
}
