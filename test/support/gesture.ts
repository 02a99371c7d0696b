import type { Locator } from 'playwright-core';

/** How long something may take, as Playwright's own functions are told it. */
export interface Within {
  /** In ms. */
  readonly timeout: number;
}

/** How long the answer to each try is waited for, in ms: a slow machine gets more time, not only more tries. */
const PATIENCE_MS = [2_000, 4_000, 8_000, 16_000];

/**
 * Makes a gesture (a key, a click, a menu pick) until its answer is there: VS Code loses one now and then that comes
 * while it moves the focus or draws a list anew, and a person then simply makes it again.
 *
 * It is for what is harmless to make twice: showing, opening, asking, saving. A verb that changes a guest and a text
 * that is typed are made once, since a second one could hide that the first went wrong. Where the gesture is a toggle,
 * `make` looks first whether it is needed.
 * @param make may fail, as when what is clicked on is not there yet, or not any more since the answer is late
 * @param answer what is to be seen, or a function that settles when the answer is there and rejects in time
 * @throws an error that says what was waited for, when the last try had no answer either
 */
export async function gesture(
  make: (within: Within) => Promise<unknown>,
  answer: Locator | ((within: Within) => Promise<unknown>),
): Promise<void> {
  let isMade = false;
  let last: unknown;
  for (const timeout of PATIENCE_MS) {
    try {
      await make({ timeout });
      isMade = true;
    } catch (error) {
      last = error;
    }
    // Before it was made once, nothing that is there or gone is an answer to it.
    if (!isMade) continue;
    try {
      await (typeof answer === 'function' ? answer({ timeout }) : answer.waitFor({ timeout }));
      return;
    } catch (error) {
      last = error;
    }
  }
  const reason = last instanceof Error ? last.message : String(last);
  throw new Error(`Tried ${PATIENCE_MS.length} times in vain: ${reason}`, { cause: last });
}

/** The answer that something is not to be seen any more. */
export function gone(locator: Locator): (within: Within) => Promise<void> {
  return (within) => locator.waitFor({ state: 'hidden', ...within });
}
