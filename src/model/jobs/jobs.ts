import { Emitter } from '../inventory/emitter.ts';
import { isGoingOn, type Job, type JobProgress, type JobState } from './job.ts';
import { Pace } from './pace.ts';

/** What began it says of a job. */
export interface JobStart {
  /** The URI of the host. */
  readonly host: string;
  /** What it does and to what, for a person. */
  readonly title: string;
  /** Without it the job cannot be cancelled. */
  readonly cancel?: () => void;
}

/** How a job is told of by who does the work. */
export interface JobHandle {
  readonly id: string;
  progress(progress: JobProgress): void;
  /** It waits for a person, or goes on again. */
  waiting(waits: boolean): void;
  /** It is over. Nothing that comes later counts. */
  end(state: 'done' | 'cancelled'): void;
  fail(error: unknown): void;
}

/** How often one that goes on is told of. */
const TELL_MS = 200;
/** How many that are over are remembered. */
const ENDED_MAX = 50;

interface Entry {
  job: Job;
  readonly pace: Pace;
  readonly cancel: (() => void) | undefined;
  toldAt: number;
}

/** Everything long that goes on, of every host: transfers, block jobs, clones. Those that ended are kept for a while. */
export class Jobs {
  /** Told which job is another one now; undefined when some were removed. */
  readonly onChange: (listener: (job: Job | undefined) => void) => () => void;
  readonly #changes = new Emitter<Job | undefined>();
  readonly #entries = new Map<string, Entry>();
  #count = 0;

  constructor() {
    this.onChange = (listener) => this.#changes.on(listener);
  }

  /** In the order in which they began. */
  get all(): readonly Job[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  /** The one with this id; undefined when it is forgotten. */
  get(id: string): Job | undefined {
    return this.#entries.get(id)?.job;
  }

  /** A job begins. */
  start({ host, title, cancel }: JobStart): JobHandle {
    const id = String(++this.#count);
    const job: Job = {
      id,
      host,
      title,
      state: 'running',
      progress: undefined,
      speed: undefined,
      remainingMs: undefined,
      startedAt: new Date(),
      error: undefined,
      cancellable: cancel !== undefined,
    };
    this.#entries.set(id, { job, pace: new Pace(), cancel, toldAt: 0 });
    this.#changes.emit(job);
    return {
      id,
      progress: (progress) => this.#progress(id, progress),
      waiting: (waits) => this.#change(id, { state: waits ? 'waiting' : 'running' }),
      end: (state) => this.#end(id, state, undefined),
      fail: (error) => this.#end(id, 'failed', error),
    };
  }

  /** Does some work as a job, which can be cancelled. @throws what the work throws */
  async run<T>(
    { host, title }: Omit<JobStart, 'cancel'>,
    work: (signal: AbortSignal, progress: (progress: JobProgress) => void) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const abort = new AbortController();
    const both = signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal]);
    const handle = this.start({ host, title, cancel: () => abort.abort() });
    try {
      const result = await work(both, (progress) => handle.progress(progress));
      handle.end('done');
      return result;
    } catch (error) {
      if (both.aborted) handle.end('cancelled');
      else handle.fail(error);
      throw error;
    }
  }

  /** Asks a job to end; it says itself when it has. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined && isGoingOn(entry.job)) entry.cancel?.();
  }

  /** Forgets those that ended. */
  clear(): void {
    for (const [id, { job }] of this.#entries) if (!isGoingOn(job)) this.#entries.delete(id);
    this.#changes.emit(undefined);
  }

  /** Ends those that go on, as far as they can be ended. */
  dispose(): void {
    for (const id of this.#entries.keys()) this.cancel(id);
  }

  #progress(id: string, progress: JobProgress): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || !isGoingOn(entry.job)) return;
    const now = performance.now();
    // Some are told of thousands of times a second.
    const isOver = progress.total !== undefined && progress.done >= progress.total;
    if (now - entry.toldAt < TELL_MS && !isOver) return;
    entry.toldAt = now;
    entry.pace.add(progress.done, now);
    this.#change(id, {
      progress,
      speed: progress.unit === 'bytes' ? entry.pace.speed : undefined,
      remainingMs: progress.total === undefined ? undefined : entry.pace.remainingMs(progress.total),
    });
  }

  #end(id: string, state: JobState, error: unknown): void {
    this.#change(id, { state, error, speed: undefined, remainingMs: undefined, cancellable: false });
    const ended = [...this.#entries].filter(([, { job }]) => !isGoingOn(job));
    for (const [old] of ended.slice(0, Math.max(0, ended.length - ENDED_MAX))) this.#entries.delete(old);
  }

  #change(id: string, change: Partial<Job>): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || !isGoingOn(entry.job)) return;
    entry.job = { ...entry.job, ...change };
    this.#changes.emit(entry.job);
  }
}
