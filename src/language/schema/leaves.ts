import type { XmlElement } from '../xml/tree.ts';
import { nameMatches } from './grammar.ts';
import type { Matcher } from './matcher.ts';
import type { ElementPattern } from './pattern.ts';
import type { Schema } from './schema.ts';
import { elementLeaves } from './survey.ts';

/** All that elements of one document could belong to by their names and those of the elements around them. */
export class Leaves {
  readonly #schema: Schema;
  readonly #known = new Map<XmlElement, readonly ElementPattern[]>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  of(element: XmlElement): readonly ElementPattern[] {
    const path: XmlElement[] = [];
    let found: readonly ElementPattern[] | undefined;
    for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
      found = this.#known.get(at);
      if (found !== undefined) break;
      path.push(at);
    }
    for (const each of path.toReversed()) {
      found =
        found === undefined
          ? elementLeaves(this.#schema.start).filter((leaf) => nameMatches(leaf.nameClass, each.key))
          : leavesNamed(this.#schema, found, each.key);
      this.#known.set(each, found);
    }
    return found ?? [];
  }

  /** Of them, those that the element is; all of them when it is none. */
  met(element: XmlElement, matcher: Matcher): readonly ElementPattern[] {
    const leaves = this.of(element);
    const met = matcher.matching(element, leaves);
    return met.length === 0 ? leaves : met;
  }
}

/** The leaves of a name inside of elements of some leaves. */
export function leavesNamed(
  schema: Schema,
  around: readonly ElementPattern[],
  key: string,
): ElementPattern[] {
  const leaves = new Set(around.flatMap((leaf) => elementLeaves(schema.content(leaf))));
  return [...leaves].filter(({ nameClass }) => nameMatches(nameClass, key));
}
