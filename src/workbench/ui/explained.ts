import { explain } from './failure.ts';

/** Why something failed and what to do next, in whole sentences, for places that a person reads like a text. */
export function explained(error: unknown): string {
  const { reason, hint } = explain(error);
  const why = `${reason}.`;
  return hint === undefined ? why : `${why} ${hint}`;
}
