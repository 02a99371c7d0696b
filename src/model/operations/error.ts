import { t } from '@vscode/l10n';

/** Why an operation could not be carried out, where it was not libvirt that refused. */
export type OperationErrorCode =
  | 'gone'
  | 'no-agent'
  | 'agent-silent'
  | 'agent-refuses'
  | 'agent-nonsense'
  | 'no-host'
  | 'picture'
  | 'in-use'
  | 'exists'
  | 'busy'
  | 'pool-step'
  | 'would-shrink'
  | 'no-disk'
  | 'block-job'
  | 'disk-state'
  | 'guest-refused'
  | 'pool-type';

/** `message` is a sentence without its full stop, `hint` says in another one what to do next. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
  readonly code: OperationErrorCode;
  readonly hint: string | undefined;

  constructor(code: OperationErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** What was to be worked on has been removed meanwhile. */
export class GoneError extends OperationError {
  override readonly name = 'GoneError';

  constructor(options?: ErrorOptions) {
    super('gone', t('It is no longer there'), t('Another program may have removed it.'), options);
  }
}
