/** Why no session came about; each is told to a person as one sentence. */
export type DebugErrorCode =
  | 'configuration'
  | 'no-domain'
  | 'no-host'
  | 'wrong-state'
  | 'no-gdb'
  | 'gdb-architecture'
  | 'no-debugger'
  | 'symbols'
  | 'architecture'
  | 'stub'
  | 'image'
  | 'untrusted';

/** Why a debug session cannot begin, in words for a person: what is wrong and, in `hint`, what to do. */
export class DebugError extends Error {
  override readonly name = 'DebugError';
  readonly code: DebugErrorCode;
  readonly hint: string | undefined;

  constructor(code: DebugErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
