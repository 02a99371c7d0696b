/** How far a job is. */
export interface JobProgress {
  readonly done: number;
  /** Undefined while nobody knows. */
  readonly total: number | undefined;
  /** `bytes` have a speed that a person understands; others are only a part of a whole. */
  readonly unit: 'bytes' | 'part';
}

export type JobState = 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** Something long that goes on, on a host or between it and here. A job never changes in place. */
export interface Job {
  /** Unique in this window. */
  readonly id: string;
  /** The URI of the host. */
  readonly host: string;
  /** What it does and to what, for a person: Uploading debian.iso to default. */
  readonly title: string;
  /** `waiting` is for a person, as a copied disk that can be switched to. */
  readonly state: JobState;
  readonly progress: JobProgress | undefined;
  /** Per second, over the last few seconds; undefined until it is known. */
  readonly speed: number | undefined;
  /** Undefined until it is known. */
  readonly remainingMs: number | undefined;
  readonly startedAt: Date;
  /** Why it failed. */
  readonly error: unknown;
  /** Whether it can be cancelled now. */
  readonly cancellable: boolean;
}

/** Whether it has not ended. */
export function isGoingOn({ state }: Pick<Job, 'state'>): boolean {
  return state === 'running' || state === 'waiting';
}
