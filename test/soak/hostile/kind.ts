import type { Random } from '../fuzz/random.ts';

/** Where files of an input may be written; what lies beside it is none of an input's business. */
export interface Desk {
  readonly folder: string;
}

/** One sort of what others say: how it is made up, and what has to hold whatever it is. */
export interface Kind {
  readonly name: string;
  /** How many of a hundred thousand inputs. */
  readonly share: number;
  /** Makes an input up, hands it to `onInput` and looks at what becomes of it. @throws Error when something does not hold */
  attempt(random: Random, onInput: (input: Buffer) => void, desk: Desk): Promise<void>;
}

/** @param look throws when something does not hold; what the product says about a bad input is no failure */
export function kindOf<T extends Buffer | string>(
  name: string,
  share: number,
  make: (random: Random) => T,
  look: (input: T, random: Random, desk: Desk) => void | Promise<void>,
): Kind {
  return {
    name,
    share,
    async attempt(random, onInput, desk) {
      const input = make(random);
      onInput(typeof input === 'string' ? Buffer.from(input) : input);
      await look(input, random, desk);
    },
  };
}
