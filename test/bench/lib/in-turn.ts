import { quantile } from '../tree/statistics.ts';

/** Does its part of one round and says how many ms that took. */
type Contestant = () => Promise<number>;

export async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/**
 * The ms of each contestant in each round. All meet the same machine: they take turns, and chance decides who follows
 * whom, since each leaves caches and unwritten pages to the next. The rounds of the warm-up do not count.
 */
export async function inTurn<K extends string>(
  contestants: Readonly<Record<K, Contestant>>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Readonly<Record<K, readonly number[]>>> {
  const entries = Object.entries(contestants) as [K, Contestant][];
  const times = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, contestant] of shuffled(entries)) {
      const ms = await contestant();
      if (round >= 0) times[name].push(ms);
    }
  }
  return times;
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/**
 * How many times as fast `ours` is, by the quicker quarter of the rounds of each: what else goes on in a machine only
 * ever makes a round slower.
 */
export function speedAgainst(theirs: readonly number[], ours: readonly number[]): number {
  return quantile(theirs, 0.25) / quantile(ours, 0.25);
}
