import * as vscode from 'vscode';
import { titleOf } from './commands.ts';
import { explain, fullDetail, isCancellation } from './failure.ts';

/** The one way in which failures and refusals reach a person: a sentence on screen, everything else in the log. */
export class Presenter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /**
   * `what` is a sentence without its full stop, such as: Could not start “web”. Returns the button that was
   * pressed, of those in `actions`.
   */
  async failure(what: string, error: unknown, ...actions: readonly string[]): Promise<string | undefined> {
    if (isCancellation(error)) return undefined;
    this.#log.error(`${what}: ${fullDetail(error)}`);
    const { reason, hint } = explain(error);
    const sentence = `${what}: ${reason}.${hint === undefined ? '' : ` ${hint}`}`;
    return this.#show(sentence, actions);
  }

  /** Several failures of one batch in one message, the first few in full. */
  async failures(what: string, failures: readonly { subject: string; error: unknown }[]): Promise<void> {
    for (const { subject, error } of failures) this.#log.error(`${what}: ${subject}: ${fullDetail(error)}`);
    const shown = failures.slice(0, 3).map(({ subject, error }) => `${subject}: ${explain(error).reason}`);
    const more = failures.length > shown.length ? `; and ${failures.length - shown.length} more` : '';
    await this.#show(`${what}. ${shown.join('; ')}${more}.`, []);
  }

  /**
   * What was asked for cannot be done as things are: nothing failed, so that the log would not say more. `sentence`
   * is whole. Returns the button that was pressed, of those in `actions`.
   */
  async refusal(sentence: string, ...actions: readonly string[]): Promise<string | undefined> {
    return vscode.window.showErrorMessage(sentence, ...actions);
  }

  /** Something went wrong that nobody waits for. */
  background(what: string, error: unknown): void {
    this.#log.error(`${what}: ${fullDetail(error)}`);
  }

  /** Something was done that nobody asked for at that moment. */
  note(what: string): void {
    this.#log.info(what);
  }

  showLog(): void {
    this.#log.show();
  }

  async #show(sentence: string, actions: readonly string[]): Promise<string | undefined> {
    const showLog = titleOf('kvm.showLog');
    const choice = await vscode.window.showErrorMessage(sentence, ...actions, showLog);
    if (choice !== showLog) return choice;
    this.showLog();
    return undefined;
  }
}
