import { t } from '@vscode/l10n';
/** The peer broke the wire protocol: nothing after this byte can be believed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** The link ended while something still waited for it. `cause` says why, when it is known. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';

  constructor(reason = t('The connection was closed'), options?: ErrorOptions) {
    super(reason, options);
  }
}

/** A call took longer than its caller was ready to wait; the daemon may still carry it out. */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError';
  readonly procedure: string;
  readonly timeoutMs: number;

  constructor(procedure: string, timeoutMs: number) {
    super(t('No answer to {0} within {1} s', procedure, timeoutMs / 1000));
    this.procedure = procedure;
    this.timeoutMs = timeoutMs;
  }
}

/** What a daemon says when it refuses a call: libvirt's `virError`, as it is on the wire. */
export interface RemoteErrorFields {
  readonly code: number;
  readonly domain: number;
  readonly message: string | undefined;
  readonly level: number;
}

/** A call that the daemon answered with an error. `procedure` is the call that failed. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  readonly procedure: string;

  constructor(procedure: string, fields: RemoteErrorFields) {
    super(fields.message ?? t('libvirt error {0}', fields.code));
    this.procedure = procedure;
    this.code = fields.code;
    this.domain = fields.domain;
    this.level = fields.level;
  }
}

/** Why a signal was aborted, always as an Error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException(t('The operation was cancelled'), 'AbortError');
}
