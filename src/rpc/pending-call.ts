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
  readonly result: Promise<unknown>;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  readonly #options: CallOptions;
  readonly #onAbort: () => void;
  readonly #timer: NodeJS.Timeout | undefined;

  /** `abandon` is called when the caller will wait no longer. */
  constructor(
    procedure: Procedure<unknown, unknown>,
    args: unknown,
    options: CallOptions,
    abandon: (call: PendingCall) => void,
    openStream?: (serial: number) => RpcStream,
  ) {
    this.procedure = procedure;
    this.args = args;
    this.openStream = openStream;
    this.#options = options;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.result = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    const giveUp = (error: Error) => {
      abandon(this);
      this.reject(error);
    };
    this.#onAbort = () => giveUp(abortReason(options.signal));
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    const { timeoutMs } = options;
    if (timeoutMs !== undefined)
      this.#timer = setTimeout(() => giveUp(new CallTimeoutError(procedure.name, timeoutMs)), timeoutMs);
  }

  resolve(value: unknown): void {
    this.#settled();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#settled();
    this.#reject(error instanceof Error ? error : new Error(String(error)));
  }

  #settled(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
