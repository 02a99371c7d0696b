import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** More than a file can say without aliases that stand for aliases. */
const MAX_EXPANDED = 1024 * 1024;

/** The key of a pair as text; undefined for a key that is a list or mapping. */
export function keyText(pair: Pair): string | undefined {
  const { key } = pair;
  if (!isScalar(key)) return undefined;
  return String(key.value);
}

/** What is asked of a YAML tree again and again, found in one walk over it. */
export class YamlIndex {
  /** The second and all further keys of a name in a mapping, in the order of the text. */
  readonly repeated: readonly Node[];
  readonly #pairs = new Map<YAMLMap, Map<string, Pair>>();
  readonly #targets = new Map<Alias, Node>();
  readonly #values = new Map<Node, Expanded | undefined>();

  constructor(root: Node | null) {
    const repeated: Node[] = [];
    this.#walk(root, new Map(), repeated);
    this.repeated = repeated;
  }

  /** The node itself, or what an alias stands for; undefined when that is nothing. */
  resolve(node: unknown): Node | undefined {
    // What an anchor names is no alias itself.
    if (isAlias(node)) return this.#targets.get(node);
    return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
  }

  /** The first pair of a mapping with that key. */
  pair(map: YAMLMap, key: string): Pair | undefined {
    return this.#pairs.get(map)?.get(key);
  }

  /**
   * As plain values, of which all that one anchor names share one. @throws RangeError for aliases that expand without
   * end, or to far more than the text
   */
  toValue(node: Node | null): unknown {
    return this.#expand(node).value;
  }

  /** Anchors are known from where they stand on: YAML lets them be set again. */
  #walk(node: unknown, anchors: Map<string, Node>, repeated: Node[]): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) this.#targets.set(node, target);
      return;
    }
    if (!(isScalar(node) || isMap(node) || isSeq(node))) return;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) this.#walk(item, anchors, repeated);
    else if (isMap(node)) this.#walkMap(node, anchors, repeated);
  }

  #walkMap(map: YAMLMap, anchors: Map<string, Node>, repeated: Node[]): void {
    const pairs = new Map<string, Pair>();
    this.#pairs.set(map, pairs);
    for (const pair of map.items) {
      if (!isPair(pair)) continue;
      this.#walk(pair.key, anchors, repeated);
      this.#walk(pair.value, anchors, repeated);
      const key = keyText(pair);
      if (key === undefined) continue;
      if (!pairs.has(key)) pairs.set(key, pair);
      else if (isScalar(pair.key)) repeated.push(pair.key);
    }
  }

  #expand(node: unknown): Expanded {
    const resolved = this.resolve(node);
    if (resolved === undefined) return { value: null, size: 1 };
    const known = this.#values.get(resolved);
    if (known !== undefined) return known;
    // not for people: what is told says it in its own words
    if (this.#values.has(resolved)) throw new RangeError('A value contains itself');
    this.#values.set(resolved, undefined);
    const expanded = this.#expandNew(resolved);
    // not for people: what is told says it in its own words
    if (expanded.size > MAX_EXPANDED) throw new RangeError('Aliases expand to too much');
    this.#values.set(resolved, expanded);
    return expanded;
  }

  #expandNew(node: Node): Expanded {
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#expand(item));
      return { value: items.map(({ value }) => value), size: sizeOf(items) };
    }
    if (isMap(node)) {
      const entries = node.items.map((pair) => [keyText(pair) ?? '', this.#expand(pair.value)] as const);
      return {
        value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
        size: sizeOf(entries.map(([, expanded]) => expanded)),
      };
    }
    const value: unknown = isScalar(node) ? node.value : null;
    return { value, size: typeof value === 'string' ? 1 + value.length : 1 };
  }
}

interface Expanded {
  readonly value: unknown;
  /** About how many characters it takes to write. */
  readonly size: number;
}

function sizeOf(parts: readonly Expanded[]): number {
  return parts.reduce((sum, { size }) => sum + size, 1);
}
