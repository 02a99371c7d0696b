import { abortReason, CallTimeoutError } from './error.ts';
import type { Procedure } from './procedure.ts';
import type { RpcStream } from './stream.ts';

export interface CallOptions {
  /** Gives up waiting. A call that was already sent may still be carried out by the daemon. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** A call that waits to be sent or answered. It settles once, whatever comes first. */
export class PendingCall {
  readonly procedure: Procedure<unknown, unknown>;
  readonly args: unknown;
  /** For a call that opens a stream: made when its serial is known, before it is sent. */
  readonly openStream: ((serial: number) => RpcStream) | undefined;
  /** When it was made, on the clock of {@link Calls}. */
  since = 0;
  readonly result: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  /** Ends what watches the caller's patience, where that has an end. */
  #stopWatching: (() => void) | undefined;
  #isSettled = false;
  #isTimed = false;

  constructor(
    procedure: Procedure<unknown, unknown>,
    args: unknown,
    openStream?: (serial: number) => RpcStream,
  ) {
    this.procedure = procedure;
    this.args = args;
    this.openStream = openStream;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whether its caller has an answer, or waits no longer. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether its caller said how long it will wait. */
  get isTimed(): boolean {
    return this.#isTimed;
  }

  /** Rejects when the caller will wait no longer. */
  limit({ signal, timeoutMs }: CallOptions): void {
    if (signal === undefined && timeoutMs === undefined) return;
    const onAbort = () => this.reject(abortReason(signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#isTimed = timeoutMs !== undefined;
    const { name } = this.procedure;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => this.reject(new CallTimeoutError(name, timeoutMs)), timeoutMs);
    this.#stopWatching = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** The daemon answered; ignored when the caller waits no longer. */
  resolve(value: unknown): void {
    this.#settle();
    this.#resolve(value);
  }

  /** The daemon refused, the link ended, or the caller gave up; only the first of all these counts. */
  reject(error: unknown): void {
    this.#settle();
    this.#reject(error instanceof Error ? error : new Error(String(error)));
  }

  #settle(): void {
    this.#isSettled = true;
    this.#stopWatching?.();
  }
}
