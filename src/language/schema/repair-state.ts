import type { XmlAttribute, XmlCdata, XmlElement, XmlText } from '../xml/tree.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import type { RequiredLeaf } from './survey.ts';

/** One thing that is wrong inside an element. */
export type Issue =
  /** The attribute is not allowed. `expected` is what could have stood there. */
  | { readonly kind: 'unknown-attribute'; readonly attribute: XmlAttribute; readonly expected: Pattern }
  | {
      readonly kind: 'misspelt-attribute';
      readonly attribute: XmlAttribute;
      readonly name: string;
      readonly expected: Pattern;
    }
  | {
      readonly kind: 'bad-value';
      readonly attribute: XmlAttribute;
      readonly leaves: readonly AttributePattern[];
    }
  | { readonly kind: 'missing'; readonly leaf: RequiredLeaf; readonly before: XmlElement | undefined }
  | { readonly kind: 'unexpected-element'; readonly child: XmlElement; readonly expected: Pattern }
  | {
      readonly kind: 'misspelt-element';
      readonly child: XmlElement;
      readonly name: string;
      readonly expected: Pattern;
    }
  /** The child may stand here, but is wrong inside. */
  | { readonly kind: 'child'; readonly child: XmlElement; readonly repair: Repair }
  | { readonly kind: 'bad-text'; readonly content: Pattern }
  | { readonly kind: 'unexpected-text'; readonly text: XmlText | XmlCdata | undefined };

export interface IssueList {
  readonly issue: Issue;
  readonly before: IssueList | undefined;
}

/** How an element differs from what a pattern asks for, in the fewest mistakes that were found. */
export interface Repair {
  readonly leaf: ElementPattern;
  readonly cost: number;
  /** Things that are there and should not be, or not so. */
  readonly misfits: number;
  /** Things that should be there. */
  readonly missing: number;
  readonly issues: readonly Issue[];
}

/** One way to understand an element so far. */
export interface RepairState {
  readonly pattern: Pattern;
  readonly cost: number;
  readonly misfits: number;
  readonly missing: number;
  /** Unknown attributes or elements that something missing may have been meant as. */
  readonly strangers: readonly (XmlAttribute | XmlElement)[];
  readonly issues: IssueList | undefined;
}

export function startState(pattern: Pattern): RepairState {
  return { pattern, cost: 0, misfits: 0, missing: 0, strangers: [], issues: undefined };
}

/** A state with another pattern and no more mistakes. */
export function advance(state: RepairState, pattern: Pattern): RepairState {
  return { ...state, pattern };
}

/**
 * More mistakes than this in one element are counted but not reported, so that time and memory stay bounded.
 */
export const MAX_TOLD = 200;

/** A state after something that is there and should not be, or not so. */
export function misfit(state: RepairState, pattern: Pattern, issue: Issue, cost = 1): RepairState {
  return {
    ...state,
    pattern,
    cost: state.cost + cost,
    misfits: state.misfits + 1,
    issues: state.misfits < MAX_TOLD ? { issue, before: state.issues } : state.issues,
  };
}

/** A stranger and something missing cost together little more than one mistake: it may have been renamed. */
const RENAMED = 0.7;

/** A state after noticing that leaves are missing. */
export function lacking(
  state: RepairState,
  pattern: Pattern,
  leaves: readonly RequiredLeaf[],
  before?: XmlElement,
  fits: (stranger: XmlAttribute | XmlElement, leaf: RequiredLeaf) => boolean = () => false,
): RepairState {
  if (leaves.length === 0) return advance(state, pattern);
  const strangers = state.strangers.filter((stranger) => leaves.some((leaf) => fits(stranger, leaf))).length;
  // What stands elsewhere among the element's children was put in the wrong place.
  const misplaced = leaves.filter((leaf) => leaf.kind === 'element' && isDropped(state, leaf)).length;
  const explained = Math.min(strangers + misplaced, leaves.length);
  let { issues } = state;
  for (const leaf of leaves) issues = { issue: { kind: 'missing', leaf, before }, before: issues };
  return {
    ...state,
    pattern,
    cost: state.cost + leaves.reduce((sum, leaf) => sum + costOf(leaf), 0) - explained * RENAMED,
    missing: state.missing + leaves.length,
    issues,
  };
}

/** What is not there yet is less of a mistake than what is there and should not be; a value to fill in even less. */
function costOf(leaf: RequiredLeaf): number {
  return leaf.kind === 'element' || leaf.kind === 'attribute' ? 0.8 : EMPTY;
}

/** What a value that is still empty costs. */
export const EMPTY = 0.2;

function isDropped(state: RepairState, leaf: ElementPattern): boolean {
  let left = MAX_TOLD;
  for (let list = state.issues; list !== undefined && left > 0; list = list.before, left -= 1)
    if (list.issue.kind === 'unexpected-element' && list.issue.child.key === leaf.nameClass) return true;
  return false;
}

const MOST_INSIDE = 1.5;

/** A state after a child that may stand there, but is wrong inside. */
export function withChild(
  state: RepairState,
  pattern: Pattern,
  child: XmlElement,
  repair: Repair,
): RepairState {
  return {
    ...state,
    pattern,
    // An element in its right place counts as that element, however much is wrong inside of it.
    cost: state.cost + Math.min(repair.cost, MOST_INSIDE),
    misfits: state.misfits + repair.misfits,
    missing: state.missing + repair.missing,
    issues: { issue: { kind: 'child', child, repair }, before: state.issues },
  };
}

/** A state that takes no notice of a child. `isStrange`: its name is none that could stand here at all. */
export function dropping(
  state: RepairState,
  child: XmlElement,
  cost: number,
  isStrange: boolean,
): RepairState {
  const issue = { kind: 'unexpected-element', child, expected: state.pattern } as const;
  const isMissed = isMissing(state, child.key);
  const dropped = misfit(state, state.pattern, issue, isMissed ? cost - RENAMED : cost);
  return isStrange && !isMissed && state.misfits < MAX_TOLD
    ? { ...dropped, strangers: [...dropped.strangers, child] }
    : dropped;
}

function isMissing(state: RepairState, key: string): boolean {
  let left = MAX_TOLD;
  for (let list = state.issues; list !== undefined && left > 0; list = list.before, left -= 1)
    if (
      list.issue.kind === 'missing' &&
      list.issue.leaf.kind === 'element' &&
      list.issue.leaf.nameClass === key
    )
      return true;
  return false;
}

/** The issues in the order they were met. */
export function issuesOf(state: RepairState): Issue[] {
  const issues: Issue[] = [];
  for (let list = state.issues; list !== undefined; list = list.before) issues.push(list.issue);
  return issues.toReversed();
}

/** How states are compared: the cheaper is the better, and the earlier of equals. */
export type Measure = (state: RepairState) => number;

/** The best states, one for each pattern, at most `width`. */
export function bestStates(
  states: readonly RepairState[],
  { width, measure }: { readonly width: number; readonly measure: Measure },
): RepairState[] {
  const [first] = states;
  if (states.length <= 1 && first !== undefined) return [first];
  const byPattern = new Map<Pattern, RepairState>();
  for (const state of states) {
    const known = byPattern.get(state.pattern);
    if (known === undefined || measure(state) < measure(known)) byPattern.set(state.pattern, state);
  }
  const best = [...byPattern.values()].toSorted((a, b) => measure(a) - measure(b));
  return best.length > width ? best.slice(0, width) : best;
}
