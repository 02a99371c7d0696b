import type { TypedParameter } from '../rpc/types.ts';

/**
 * Typed parameters by their dotted names, as a tree: `block.0.rd.bytes` is found at `block`, `0`, `rd`. What is
 * missing, or is of another kind than asked for, reads as undefined: daemons leave out what they do not know.
 */
export class ParameterTree {
  #value: TypedParameter['value'] | undefined;
  readonly #children = new Map<string, ParameterTree>();

  constructor(parameters: readonly TypedParameter[] = []) {
    for (const { field, value } of parameters) this.#grow(field.split('.')).#value = value;
  }

  /** Whether there is neither a value here nor anything below. */
  get isEmpty(): boolean {
    return this.#value === undefined && this.#children.size === 0;
  }

  /** What is below a dotted name; an empty tree when there is nothing. */
  at(...path: readonly string[]): ParameterTree {
    const [first, ...rest] = path;
    return first === undefined ? this : (this.#children.get(first)?.at(...rest) ?? EMPTY);
  }

  /** For counts, states and KiB; a 64-bit number is converted. */
  number(...path: readonly string[]): number | undefined {
    const value = this.at(...path).#value;
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'number' ? value : undefined;
  }

  /** For bytes and ns. */
  bigint(...path: readonly string[]): bigint | undefined {
    const value = this.at(...path).#value;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    return typeof value === 'bigint' ? value : undefined;
  }

  /** For names and paths. */
  text(...path: readonly string[]): string | undefined {
    const value = this.at(...path).#value;
    return typeof value === 'string' ? value : undefined;
  }

  /** For what is or is not. */
  boolean(...path: readonly string[]): boolean | undefined {
    const value = this.at(...path).#value;
    return typeof value === 'boolean' ? value : undefined;
  }

  /** The children whose names are numbers, in their order. How many there should be is not believed. */
  numbered(...path: readonly string[]): readonly (readonly [index: number, tree: ParameterTree])[] {
    return [...this.at(...path).#children]
      .filter(([name]) => /^\d+$/.test(name))
      .map(([name, tree]) => [Number(name), tree] as const)
      .toSorted(([a], [b]) => a - b);
  }

  /** Every value below, by the rest of its dotted name. */
  *leaves(prefix = ''): Generator<readonly [name: string, value: TypedParameter['value']]> {
    for (const [part, tree] of this.#children) {
      const name = prefix === '' ? part : `${prefix}.${part}`;
      if (tree.#value !== undefined) yield [name, tree.#value];
      yield* tree.leaves(name);
    }
  }

  #grow(path: readonly string[]): ParameterTree {
    const [first, ...rest] = path;
    if (first === undefined) return this;
    const child = this.#children.get(first) ?? new ParameterTree();
    this.#children.set(first, child);
    return child.#grow(rest);
  }
}

const EMPTY = new ParameterTree();
