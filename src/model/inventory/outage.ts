import { t } from '@vscode/l10n';
import { TransportError, type TransportErrorCode } from '../../client/transport/error.ts';
import { backoffMs } from './backoff.ts';

/** Restores a link that was lost: one attempt after the other, with growing pauses, until somebody ends it. */
export class Outage {
  readonly #tryAgain: () => void;
  #isOn = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tryAgain: () => void) {
    this.#tryAgain = tryAgain;
  }

  /** Whether the link is lost and not yet restored. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** The link was lost: the first attempt comes soon. */
  begin(): void {
    this.#isOn = true;
    this.#attempt = 0;
    this.#wait();
  }

  /** An attempt goes on; the next one waits for how it ends. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** The attempt failed. One that a person made is one more: it does not lengthen the pauses. */
  goOn(byItself: boolean): void {
    if (byItself) this.#attempt++;
    this.#wait();
  }

  /** It is over: the link is there again, nobody wants it any more, or only a person can help. */
  end(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#tryAgain, backoffMs(this.#attempt));
    this.#timer.unref();
  }
}

/** These say that nobody answers, and guess at mistakes in the URI. */
const SILENCE = new Set<TransportErrorCode>([
  'lost',
  'no-daemon',
  'no-helper',
  'refused',
  'timeout',
  'unknown-host',
]);

/** The same error about a host that answered before, so that there is nothing wrong with its URI. */
export function whileLost(error: Error): Error {
  if (!(error instanceof TransportError) || !SILENCE.has(error.code)) return error;
  return new TransportError(
    error.code,
    error.message,
    t('It answered before, so it may have been stopped or be out of reach. It is tried again by itself.'),
    { cause: error },
  );
}
