/** A part of an expression that texts are compared with, as a whole. */
export type Part =
  | { readonly kind: 'character'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  /** `max` may be infinite. */
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number };

/** Of the expression, with all repetitions written out. libvirt's largest has some five hundred. */
const STATES_MAX = 5000;
/** How many steps are remembered. */
const STEPS_MAX = 20_000;
const ACCEPTED = 0;

/** One of these is passed with a character that fits; the others lead on by themselves. */
interface State {
  readonly fits: ((character: string) => boolean) | undefined;
  readonly to: number[];
}

/** All states that a text may have led to. */
interface Reached {
  /** Those that wait for a character, in rising order. */
  readonly states: readonly number[];
  readonly isAccepted: boolean;
  /** Where a character leads, as far as it was asked for. */
  readonly next: (Reached | undefined)[];
}

/**
 * Tells whether texts match an expression, in one walk through them. Expressions of JavaScript try one way after the
 * other, which may take forever: who writes a long value or a schema would decide how long an editor stands still.
 */
export class Automaton {
  readonly #states: State[] = [{ fits: undefined, to: [] }];
  readonly #start: number;
  #known = new Map<string, Reached>();
  #first: Reached | undefined;
  #steps = 0;

  /** @throws SyntaxError when the expression is larger than is worth the while */
  constructor(expression: Part) {
    this.#start = this.#build(expression, ACCEPTED);
  }

  matches(text: string): boolean {
    let reached = (this.#first ??= this.#reach([this.#start]));
    for (let at = 0; at < text.length; at += 1) {
      if (reached.states.length === 0) return false;
      // Of a character of two units the second one is passed over.
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xffff) at += 1;
      reached = reached.next[code] ?? this.#step(reached, code);
    }
    return reached.isAccepted;
  }

  /** Adds what leads through a part to a state. Returns where that begins. */
  #build(part: Part, next: number): number {
    switch (part.kind) {
      case 'character':
        return this.#add(part.fits, [next]);
      case 'sequence':
        return part.parts.reduceRight((to, each) => this.#build(each, to), next);
      case 'choice':
        return this.#add(
          undefined,
          part.parts.map((each) => this.#build(each, next)),
        );
      case 'repeat':
        return this.#buildRepeat(part, next);
    }
  }

  #buildRepeat({ part, min, max }: Part & { kind: 'repeat' }, next: number): number {
    let begin = next;
    if (max === Infinity) {
      const ways = [next];
      begin = this.#add(undefined, ways);
      ways.push(this.#build(part, begin));
    } else {
      for (let count = min; count < max; count += 1)
        begin = this.#add(undefined, [this.#build(part, begin), next]);
    }
    for (let count = 0; count < min; count += 1) begin = this.#build(part, begin);
    return begin;
  }

  #add(fits: State['fits'], to: number[]): number {
    // not for people: the cause of a SchemaError
    if (this.#states.length > STATES_MAX) throw new SyntaxError('The expression is too large');
    return this.#states.push({ fits, to }) - 1;
  }

  #step(from: Reached, code: number): Reached {
    const character = String.fromCodePoint(code);
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) this.#forget();
    const to = from.states.flatMap((index) => {
      const state = this.#states[index];
      return state?.fits?.(character) === true ? state.to : [];
    });
    const reached = this.#reach(to);
    from.next[code] = reached;
    return reached;
  }

  #forget(): void {
    this.#steps = 0;
    this.#known = new Map();
    this.#first = undefined;
  }

  #reach(from: readonly number[]): Reached {
    const seen = new Set(from);
    const waiting: number[] = [];
    // What is added on the way is looked at, too.
    for (const index of seen) {
      const state = this.#states[index];
      if (state?.fits !== undefined) waiting.push(index);
      else for (const to of state?.to ?? []) seen.add(to);
    }
    const states = waiting.toSorted((a, b) => a - b);
    const isAccepted = seen.has(ACCEPTED);
    const key = `${states.join(' ')}${isAccepted ? '.' : ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const reached = { states, isAccepted, next: [] };
    this.#known.set(key, reached);
    return reached;
  }
}
