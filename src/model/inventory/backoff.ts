const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** So that a hundred windows do not come back to a restarted daemon in the same moment. */
const JITTER = 0.25;

/** How long to wait before the given attempt (0 is the first) to reach a host again, in ms. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return base * (1 + JITTER * (2 * random() - 1));
}
