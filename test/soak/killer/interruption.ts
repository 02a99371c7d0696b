/** What happens to an operation, and when. */
export interface Interruption {
  /** Who is killed, or that the disk is full. `race`: another process does the same at the same time. */
  readonly kind: 'us' | 'daemon' | 'disk' | 'race';
  /** Before which of its steps, counted from 1; undefined for a moment after so much of its time. */
  readonly step?: number;
  readonly after?: number;
  /** The process of the daemon. */
  readonly daemon?: number;
  /** The folder of the disk that is filled. */
  readonly disk?: string;
}

/** As a person gives it to have it again, and as a table shows it. */
export function nameOf({ kind, step, after }: Interruption): string {
  if (kind === 'race') return 'two at once';
  return step === undefined
    ? `${kind} after ${((after ?? 0) * 100).toFixed(0)} %`
    : `${kind} at step ${step}`;
}
