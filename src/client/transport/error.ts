/** Why a connection could not be made; a person is told what to do by `hint`, not by a stack trace. */
export type TransportErrorCode =
  | 'bad-uri'
  | 'unsupported'
  | 'no-daemon'
  | 'permission-denied'
  | 'refused'
  | 'unknown-host'
  | 'host-key'
  | 'certificate'
  | 'authentication'
  | 'configuration'
  | 'protocol'
  | 'no-helper'
  | 'no-program'
  | 'timeout'
  | 'lost';

/** There is no way to the daemon. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  /** What a person can do about it: one or two sentences. */
  readonly hint: string | undefined;

  constructor(code: TransportErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
