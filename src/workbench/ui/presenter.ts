import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { titleOf } from './commands.ts';
import { asSentence, explain, fullDetail, isCancellation, stackOf } from './failure.ts';
import { complain } from './notices.ts';

/** Of a batch. More would not be read. */
const SHOWN_MAX = 3;

/** The one way in which failures and refusals reach a person: a sentence on screen, everything else in the log. */
export class Presenter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /**
   * `what` is a whole sentence, such as: Could not start “web”. The reason follows as a sentence of its own. Returns
   * the button that was pressed, of those in `actions`.
   */
  async failure(what: string, error: unknown, ...actions: readonly string[]): Promise<string | undefined> {
    if (isCancellation(error)) return undefined;
    this.#keep(asSentence(what), error);
    const { reason, hint } = explain(error);
    return this.#show([what, reason, ...(hint === undefined ? [] : [hint])], actions);
  }

  /** Several failures of one batch in one message, the first few in full. */
  async failures(what: string, failures: readonly { subject: string; error: unknown }[]): Promise<void> {
    for (const { subject, error } of failures) this.#keep(`${asSentence(what)} ${subject}:`, error);
    const shown = failures.slice(0, SHOWN_MAX);
    const reasons = shown.map(({ subject, error }) =>
      t('{0}: {1}', subject, asSentence(explain(error).reason)),
    );
    const more = failures.length - shown.length;
    await this.#show([what, ...reasons, ...(more === 0 ? [] : [moreText(more)])], []);
  }

  /**
   * What was asked for cannot be done as things are: nothing failed, so that the log would not say more. `sentence`
   * is whole. Returns the button that was pressed, of those in `actions`.
   */
  async refusal(sentence: string, ...actions: readonly string[]): Promise<string | undefined> {
    return complain(sentence, ...actions);
  }

  /** Something went wrong that nobody waits for. */
  background(what: string, error: unknown): void {
    this.#keep(`${what}:`, error);
  }

  /** Something was done that nobody asked for at that moment. */
  note(what: string): void {
    this.#log.info(plain(what));
  }

  showLog(): void {
    this.#log.show();
  }

  /** What anybody may read in the log; where in the program it came from only with its level “Debug”. */
  #keep(what: string, error: unknown): void {
    this.#log.error(plain(`${what} ${fullDetail(error)}`));
    const stack = stackOf(error);
    if (stack !== undefined) this.#log.debug(plain(stack));
  }

  async #show(sentences: readonly string[], actions: readonly string[]): Promise<string | undefined> {
    const showLog = titleOf('kvm.showLog');
    const choice = await complain(sentences.map(asSentence).join(' '), ...actions, showLog);
    if (choice !== showLog) return choice;
    this.showLog();
    return undefined;
  }
}

/** Sentences for notices isolate names, which only shows as odd characters in a file. */
function plain(text: string): string {
  return text.replaceAll(/[\u2066-\u2069]/gu, '');
}

function moreText(count: number): string {
  return count === 1
    ? t('One more failed, which the log names.')
    : t('{0} more failed, which the log names.', count);
}
