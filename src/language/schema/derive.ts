import { isSameValue } from './datatype.ts';
import { nameMatches } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern, PatternPool, Steps } from './pattern.ts';

/** Verdicts kept for each attribute; documents have few values that are not in a list of the schema. */
const MAX_VERDICTS = 200;
const SPACES = /[\t\n\r ]+/;

/**
 * What is left of a pattern after something was met: the derivative. Everything is remembered with the patterns,
 * so that the second document, and the second keystroke, mostly looks up.
 */
export class Derivation {
  readonly #pool: PatternPool;

  constructor(pool: PatternPool) {
    this.#pool = pool;
  }

  /** The element patterns that a child of this name could belong to, next in line. */
  elements(pattern: Pattern, key: string): Steps<ElementPattern> {
    let steps = (pattern.elementSteps ??= new Map()).get(key);
    if (steps === undefined) {
      const leaves = new Set<ElementPattern>();
      this.#nextElements(pattern, key, leaves);
      steps = { leaves: [...leaves], after: new Map() };
      pattern.elementSteps.set(key, steps);
    }
    return steps;
  }

  /** The attribute patterns that an attribute of this name could belong to. */
  attributes(pattern: Pattern, key: string): Steps<AttributePattern> {
    let steps = (pattern.attributeSteps ??= new Map()).get(key);
    if (steps === undefined) {
      const leaves = new Set<AttributePattern>();
      if (pattern.hasAttributes) collectAttributes(pattern, key, leaves);
      steps = { leaves: [...leaves], after: new Map() };
      pattern.attributeSteps.set(key, steps);
    }
    return steps;
  }

  #nextElements(pattern: Pattern, key: string, found: Set<ElementPattern>): void {
    switch (pattern.kind) {
      case 'element':
        if (nameMatches(pattern.nameClass, key)) found.add(pattern);
        break;
      case 'choice':
      case 'interleave':
        for (const part of pattern.parts) for (const leaf of this.elements(part, key).leaves) found.add(leaf);
        break;
      case 'group':
        for (const part of pattern.parts) {
          for (const leaf of this.elements(part, key).leaves) found.add(leaf);
          if (!part.nullable) break;
        }
        break;
      case 'oneOrMore':
        for (const leaf of this.elements(pattern.part, key).leaves) found.add(leaf);
        break;
      default:
        break;
    }
  }

  /** What is left behind a child element that belongs to these leaves and no others. */
  afterElement(pattern: Pattern, key: string, met: readonly ElementPattern[]): Pattern {
    const { leaves, after } = this.elements(pattern, key);
    const mine = leaves === met ? met : leaves.filter((leaf) => met.includes(leaf));
    if (leaves.length === 0 || mine.length === 0) return this.#pool.notAllowed;
    const id = mine.length === leaves.length ? '' : idsOf(mine);
    let left = after.get(id);
    if (left === undefined) {
      left = this.#stepElement(pattern, key, mine);
      after.set(id, left);
    }
    return left;
  }

  #stepElement(pattern: Pattern, key: string, met: readonly ElementPattern[]): Pattern {
    const pool = this.#pool;
    switch (pattern.kind) {
      case 'element':
        return met.includes(pattern) ? pool.empty : pool.notAllowed;
      case 'choice':
        return pool.choice(pattern.parts.map((part) => this.afterElement(part, key, met)));
      case 'group':
        return this.#stepGroup(pattern.parts, (part) => this.afterElement(part, key, met));
      case 'interleave':
        return this.#stepAnywhere(pattern.parts, 'interleave', (part) => this.afterElement(part, key, met));
      case 'oneOrMore':
        return pool.group([this.afterElement(pattern.part, key, met), pool.optional(pattern)]);
      default:
        return pool.notAllowed;
    }
  }

  /** What is left behind an attribute that belongs to these leaves and no others. */
  afterAttribute(pattern: Pattern, key: string, met: readonly AttributePattern[]): Pattern {
    const { leaves, after } = this.attributes(pattern, key);
    const mine = leaves === met ? met : leaves.filter((leaf) => met.includes(leaf));
    if (leaves.length === 0 || mine.length === 0) return this.#pool.notAllowed;
    const id = mine.length === leaves.length ? '' : idsOf(mine);
    let left = after.get(id);
    if (left === undefined) {
      left = this.#stepAttribute(pattern, key, mine);
      after.set(id, left);
    }
    return left;
  }

  #stepAttribute(pattern: Pattern, key: string, met: readonly AttributePattern[]): Pattern {
    const pool = this.#pool;
    switch (pattern.kind) {
      case 'attribute':
        return met.includes(pattern) ? pool.empty : pool.notAllowed;
      case 'choice':
        return pool.choice(pattern.parts.map((part) => this.afterAttribute(part, key, met)));
      case 'group':
      case 'interleave':
        return this.#stepAnywhere(pattern.parts, pattern.kind, (part) => this.afterAttribute(part, key, met));
      case 'oneOrMore':
        return pool.group([this.afterAttribute(pattern.part, key, met), pool.optional(pattern)]);
      default:
        return pool.notAllowed;
    }
  }

  /** What is left behind text between child elements. */
  afterText(pattern: Pattern): Pattern {
    return (pattern.afterText ??= this.#stepText(pattern));
  }

  #stepText(pattern: Pattern): Pattern {
    const pool = this.#pool;
    switch (pattern.kind) {
      case 'text':
        return pattern;
      case 'choice':
        return pool.choice(pattern.parts.map((part) => this.afterText(part)));
      case 'group':
        return this.#stepGroup(pattern.parts, (part) => this.afterText(part));
      case 'interleave':
        return this.#stepAnywhere(pattern.parts, 'interleave', (part) => this.afterText(part));
      case 'oneOrMore':
        return pool.group([this.afterText(pattern.part), pool.optional(pattern)]);
      default:
        return pool.notAllowed;
    }
  }

  #stepGroup(parts: readonly Pattern[], step: (part: Pattern) => Pattern): Pattern {
    const ways: Pattern[] = [];
    for (const [index, part] of parts.entries()) {
      const left = step(part);
      if (left !== this.#pool.notAllowed) ways.push(this.#pool.group([left, ...parts.slice(index + 1)]));
      if (!part.nullable) break;
    }
    return this.#pool.choice(ways);
  }

  #stepAnywhere(
    parts: readonly Pattern[],
    kind: 'group' | 'interleave',
    step: (part: Pattern) => Pattern,
  ): Pattern {
    const ways: Pattern[] = [];
    for (const [index, part] of parts.entries()) {
      const left = step(part);
      if (left !== this.#pool.notAllowed) ways.push(this.#pool[kind](parts.with(index, left)));
    }
    return this.#pool.choice(ways);
  }

  /** The pattern once all attributes are read: those still missing make their alternatives impossible. */
  withoutAttributes(pattern: Pattern): Pattern {
    if (!pattern.hasAttributes) return pattern;
    return (pattern.withoutAttributes ??= this.#dropAttributes(pattern));
  }

  #dropAttributes(pattern: Pattern): Pattern {
    const pool = this.#pool;
    switch (pattern.kind) {
      case 'choice':
      case 'group':
      case 'interleave':
        return pool[pattern.kind](pattern.parts.map((part) => this.withoutAttributes(part)));
      case 'oneOrMore':
        return pool.oneOrMore(this.withoutAttributes(pattern.part));
      case 'attribute':
        return pool.notAllowed;
      default:
        return pattern;
    }
  }

  /** Whether an attribute's value is one that its pattern allows. */
  allowsValue(attribute: AttributePattern, value: string): boolean {
    if (attribute.content === this.#pool.text) return true;
    if (value.length > 100) return this.allowsText(attribute.content, value);
    const verdicts = (attribute.verdicts ??= new Map());
    let verdict = verdicts.get(value);
    if (verdict === undefined) {
      verdict = this.allowsText(attribute.content, value);
      if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
      verdicts.set(value, verdict);
    }
    return verdict;
  }

  /** Whether this text, and nothing else, is what the pattern allows (attributes aside). */
  allowsText(pattern: Pattern, text: string): boolean {
    return (pattern.nullable && !/[^\t\n\r ]/.test(text)) || this.#takesText(pattern, text);
  }

  #takesText(pattern: Pattern, text: string): boolean {
    switch (pattern.kind) {
      case 'text':
        return true;
      case 'value':
        return isSameValue(pattern.type, pattern.value, text);
      case 'data':
        return (
          pattern.type.allows(text) &&
          !(pattern.except !== undefined && this.allowsText(pattern.except, text))
        );
      case 'list': {
        const items = text.split(SPACES).filter((item) => item !== '');
        return items.reduce((left, item) => this.#afterItem(left, item), pattern.part).nullable;
      }
      case 'choice':
        return pattern.parts.some((part) => this.#takesText(part, text));
      case 'group':
      case 'interleave':
        return pattern.parts.some(
          (part, index) =>
            this.#takesText(part, text) && pattern.parts.every((other, at) => at === index || other.nullable),
        );
      case 'oneOrMore':
        return this.#takesText(pattern.part, text);
      default:
        return false;
    }
  }

  /** What is left behind one item of a list. */
  #afterItem(pattern: Pattern, item: string): Pattern {
    const pool = this.#pool;
    switch (pattern.kind) {
      case 'text':
        return pattern;
      case 'value':
      case 'data':
        return this.#takesText(pattern, item) ? pool.empty : pool.notAllowed;
      case 'choice':
        return pool.choice(pattern.parts.map((part) => this.#afterItem(part, item)));
      case 'group':
        return this.#stepGroup(pattern.parts, (part) => this.#afterItem(part, item));
      case 'interleave':
        return this.#stepAnywhere(pattern.parts, 'interleave', (part) => this.#afterItem(part, item));
      case 'oneOrMore':
        return pool.group([this.#afterItem(pattern.part, item), pool.optional(pattern)]);
      default:
        return pool.notAllowed;
    }
  }
}

function collectAttributes(pattern: Pattern, key: string, found: Set<AttributePattern>): void {
  if (!pattern.hasAttributes) return;
  if (pattern.kind === 'attribute') {
    if (nameMatches(pattern.nameClass, key)) found.add(pattern);
  } else if (pattern.kind === 'oneOrMore') {
    collectAttributes(pattern.part, key, found);
  } else if (pattern.kind === 'choice' || pattern.kind === 'group' || pattern.kind === 'interleave') {
    for (const part of pattern.parts) collectAttributes(part, key, found);
  }
}

function idsOf(patterns: readonly Pattern[]): string {
  return patterns.length === 1 ? String(patterns[0]?.id) : patterns.map(({ id }) => id).join(' ');
}
