import { fuzzConnection } from '../../fuzz/connection.ts';
import { fuzzCodec, fuzzFrames } from '../../fuzz/decoder.ts';
import { loadTables, type Tables } from '../../fuzz/tables.ts';
import type { Random } from '../../fuzz/random.ts';
import type { Kind } from '../kind.ts';

type Fuzz = (tables: Tables, random: Random) => number | Promise<number>;

/** What `fuzz` makes up is made from the seed alone. */
function fuzzed(name: string, share: number, fuzz: Fuzz): Kind {
  return {
    name,
    share,
    async attempt(random) {
      await fuzz(await tables(), random);
    },
  };
}

/** Read once. */
const tables = (() => {
  let read: Promise<Tables> | undefined;
  return () => (read ??= loadTables());
})();

export const rpc: readonly Kind[] = [
  fuzzed('frames of a daemon', 3000, fuzzFrames),
  fuzzed('values of a daemon', 6000, fuzzCodec),
  fuzzed('answers and events of a daemon', 3000, (all, random) => fuzzConnection(all, random, 5)),
];
