import { fuzzConnection } from './connection.ts';
import { fuzzCodec, fuzzFrames } from './decoder.ts';
import { fuzzAppliance, fuzzVmdk } from './images.ts';
import { Random } from './random.ts';
import { loadTables, type Tables } from './tables.ts';

const FRAMES_PER_CONNECTION = 20;

type Target = (tables: Tables, random: Random) => number | Promise<number>;

/** Each returns how many inputs it has tried. */
const targets: Record<'frames' | 'codecs' | 'connection' | 'images' | 'appliances', Target> = {
  frames: fuzzFrames,
  codecs: fuzzCodec,
  connection: (tables, random) => fuzzConnection(tables, random, FRAMES_PER_CONNECTION),
  images: (_, random) => fuzzVmdk(random),
  appliances: (_, random) => fuzzAppliance(random),
};

export type FuzzTarget = keyof typeof targets;

/**
 * Tries at least so many inputs, each case from a seed of its own. @throws Error that names the seed, with which
 * `fuzz(target, 1, seed)` repeats the case.
 */
export async function fuzz(target: FuzzTarget, inputs: number, seed: number): Promise<number> {
  const tables = await loadTables();
  const run = targets[target];
  let tried = 0;
  for (let current = seed; tried < inputs; current++) {
    try {
      tried += await run(tables, new Random(current));
    } catch (cause) {
      throw new Error(`Fuzzing the ${target} failed with the seed ${current}`, { cause });
    }
  }
  return tried;
}
