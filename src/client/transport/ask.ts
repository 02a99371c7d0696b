/** Something that only a person can answer while a connection is made. */
export interface Question {
  /**
   * `secret`: a password or passphrase, never shown or logged. `text`: a user name. `confirm`: yes or no, such
   * as whether an unknown host key is right. `notice`: nothing to answer, such as “touch your security key”; it
   * is shown until the signal is aborted.
   */
  readonly kind: 'secret' | 'text' | 'confirm' | 'notice';
  /** Who asks, as a person knows it: the host part of the URI. */
  readonly host: string;
  /** What is asked, in the words of ssh or the daemon. */
  readonly prompt: string;
  /** Under this key the answer may be remembered; absent when it must not be. */
  readonly key?: string;
  /** The answer that was remembered did not work: ask the person. */
  readonly retry?: boolean;
  /** What was remembered under these keys did not work either. */
  readonly forget?: readonly string[];
}

/** The answer (`yes` to confirm), or undefined when the person would rather not. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<string | undefined>;

/** What an attempt to connect works with: who can be asked, and until when. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly ask: Ask;
}

/** Where nobody can be asked: everything is declined, so that what is tried fails instead of waiting. */
export const askNobody: Ask = () => Promise.resolve(undefined);
