import { median } from '../tree/statistics.ts';

/** Does its part of one round and says how many ms that took. */
type Contestant = () => Promise<number>;

export async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/**
 * The ms of each contestant in each round. All meet the same machine: they take turns, and who follows whom changes
 * from round to round. The rounds of the warm-up do not count.
 */
export async function inTurn<K extends string>(
  contestants: Readonly<Record<K, Contestant>>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Readonly<Record<K, readonly number[]>>> {
  const entries = Object.entries(contestants) as [K, Contestant][];
  const times = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, contestant] of entries) {
      const ms = await contestant();
      if (round >= 0) times[name].push(ms);
    }
    entries.push(...entries.splice(0, 1));
  }
  return times;
}

/** How many times as fast `ours` is, round by round, in the middle: a machine that is slow for a while says nothing. */
export function speedAgainst(theirs: readonly number[], ours: readonly number[]): number {
  return median(theirs.map((their, round) => their / (ours[round] ?? NaN)));
}
