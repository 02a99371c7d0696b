import { listedNames } from './grammar.ts';
import type {
  AttributePattern,
  DataPattern,
  ElementPattern,
  ListPattern,
  Pattern,
  ValuePattern,
} from './pattern.ts';

/** A pattern that a text has to be like. */
export type TextualPattern = DataPattern | ValuePattern | ListPattern;

/** Calls back for every part of a pattern, down to its elements and attributes but not into them. */
function visit(pattern: Pattern, each: (leaf: Pattern) => void): void {
  switch (pattern.kind) {
    case 'choice':
    case 'group':
    case 'interleave':
      for (const part of pattern.parts) visit(part, each);
      break;
    case 'oneOrMore':
      visit(pattern.part, each);
      break;
    default:
      each(pattern);
  }
}

/** Kept for as long as the pattern is. */
const knownElements = new WeakMap<Pattern, readonly ElementPattern[]>();
const knownAttributes = new WeakMap<Pattern, readonly AttributePattern[]>();

/** The element patterns anywhere in a pattern, each once. */
export function elementLeaves(pattern: Pattern): readonly ElementPattern[] {
  let leaves = knownElements.get(pattern);
  if (leaves === undefined) {
    const found = new Set<ElementPattern>();
    visit(pattern, (leaf) => {
      if (leaf.kind === 'element') found.add(leaf);
    });
    knownElements.set(pattern, (leaves = [...found]));
  }
  return leaves;
}

export function attributeLeaves(pattern: Pattern): readonly AttributePattern[] {
  let leaves = knownAttributes.get(pattern);
  if (leaves === undefined) {
    const found = new Set<AttributePattern>();
    visit(pattern, (leaf) => {
      if (leaf.kind === 'attribute') found.add(leaf);
    });
    knownAttributes.set(pattern, (leaves = [...found]));
  }
  return leaves;
}

/** What the text of a pattern has to be like; empty when any text will do, or none. */
export function textualLeaves(pattern: Pattern): TextualPattern[] {
  const found = new Set<TextualPattern>();
  visit(pattern, (leaf) => {
    if (leaf.kind === 'data' || leaf.kind === 'value' || leaf.kind === 'list') found.add(leaf);
  });
  return [...found];
}

/** Whether any text at all may stand in a pattern's place. */
export function takesAnyText(pattern: Pattern): boolean {
  let found = false;
  visit(pattern, (leaf) => {
    found ||= leaf.kind === 'text';
  });
  return found;
}

/** The names that leaves list, each once, in their order. */
export function namesOf(leaves: readonly (ElementPattern | AttributePattern)[]): string[] {
  return [...new Set(leaves.flatMap((leaf) => listedNames(leaf.nameClass)))];
}

/** What a pattern cannot do without. */
export type RequiredLeaf = ElementPattern | AttributePattern | TextualPattern;

/**
 * The fewest leaves that make a pattern content; where alternatives need as many, the first of them. Undefined when
 * nothing can.
 */
export function requiredLeaves(pattern: Pattern): readonly RequiredLeaf[] | undefined {
  if (pattern.nullable) return [];
  switch (pattern.kind) {
    case 'choice': {
      let best: readonly RequiredLeaf[] | undefined;
      for (const part of pattern.parts) {
        const needs = requiredLeaves(part);
        if (needs !== undefined && (best === undefined || needs.length < best.length)) best = needs;
      }
      return best;
    }
    case 'group':
    case 'interleave': {
      const all: RequiredLeaf[] = [];
      for (const part of pattern.parts) {
        const needs = requiredLeaves(part);
        if (needs === undefined) return undefined;
        all.push(...needs);
      }
      return all;
    }
    case 'oneOrMore':
      return requiredLeaves(pattern.part);
    case 'element':
    case 'attribute':
    case 'data':
    case 'value':
    case 'list':
      return [pattern];
    default:
      return undefined;
  }
}
