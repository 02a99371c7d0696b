import type { Explanation } from './failure.ts';

/** Why something failed and what to do next, as whole sentences. */
export function explained({ reason, hint }: Explanation): string {
  const why = `${reason}.`;
  return hint === undefined ? why : `${why} ${hint}`;
}
