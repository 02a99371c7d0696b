/** What every operation takes after its target and its choices. */
export interface OperationOptions {
  /** Gives it up. What libvirt has begun by then may still be carried out. */
  readonly signal?: AbortSignal;
  /** Told how far it is, from 0 to 1, wherever libvirt says so. */
  readonly progress?: (fraction: number) => void;
}

/** For operations that leave nothing to choose: all have the same shape, so that whoever calls one can call any. */
export type NoChoices = Readonly<Record<string, never>>;
