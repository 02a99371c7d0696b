import type { XmlAttribute, XmlElement, XmlNode } from '../xml/tree.ts';
import { skipToElement, withoutRequiredAttributes } from './detour.ts';
import { Effort } from './effort.ts';
import { isBlank, type Matcher } from './matcher.ts';
import { listedNames, nameMatches } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import {
  advance,
  bestStates,
  dropping,
  EMPTY,
  issuesOf,
  lacking,
  MAX_TOLD,
  misfit,
  startState,
  type Measure,
  type Repair,
  type RepairState,
  withChild,
} from './repair-state.ts';
import type { Schema } from './schema.ts';
import { nearestKeys, nearestNames } from './suggest.ts';
import {
  attributeLeaves,
  elementLeaves,
  namesOf,
  requiredLeaves,
  takesAnyText,
  type RequiredLeaf,
  textualLeaves,
} from './survey.ts';
import { valuesOf } from './wording.ts';

/** How far the ways to understand an element are followed. */
export interface Search {
  /** How many ways are followed at once. */
  readonly width: number;
  /** Whether something that is valid by itself may be blamed for what does not fit beside it. */
  readonly blames: boolean;
  readonly measure: Measure;
}

const byCost: Measure = (state) => state.cost;
const QUICK: Search = { width: 1, blames: false, measure: byCost };
/** For when the first way found needs more than one mistake. */
const THOROUGH: Search = { width: 8, blames: true, measure: byCost };
/** Ways with equal costs differ by this: what a person typed is blamed before its surroundings. */
const NUDGE = 0.05;

const HOPELESS = 1e9;
/** Some half a second's work: five hundred elements that each have some mistakes. */
const MAX_STEPS = 100_000;

/**
 * Finds what is wrong with an element: of all the ways to understand it, one with few mistakes. It goes on after
 * every mistake, so that all of them are found, each where it is.
 */
export class Repairer {
  /** Who is at its end takes what is wrong as it is. */
  readonly effort = new Effort(MAX_STEPS);
  readonly #schema: Schema;
  readonly #matcher: Matcher;
  readonly #known = new Map<XmlElement, Map<ElementPattern, Repair>>();

  constructor(schema: Schema, matcher: Matcher) {
    this.#schema = schema;
    this.#matcher = matcher;
  }

  repair(element: XmlElement, leaf: ElementPattern): Repair {
    let known = this.#known.get(element);
    if (known === undefined) this.#known.set(element, (known = new Map()));
    let repair = known.get(leaf);
    if (repair === undefined) {
      repair = this.#search(element, leaf);
      known.set(leaf, repair);
    }
    return repair;
  }

  /** Whether something of a wrong name is what a missing leaf asks for. */
  readonly fits = (stranger: XmlAttribute | XmlElement, leaf: RequiredLeaf): boolean => {
    if (stranger.kind === 'attribute')
      return leaf.kind === 'attribute' && this.#schema.derivation.allowsValue(leaf, stranger.value);
    return leaf.kind === 'element' && this.#matcher.matches(stranger, leaf);
  };

  /** The repairs of an element by the leaves it could belong to, cheapest first. */
  repairs(element: XmlElement, leaves: readonly ElementPattern[]): Repair[] {
    return leaves
      .map((leaf) => this.repair(element, leaf))
      .filter(({ cost }) => cost < HOPELESS)
      .toSorted((a, b) => a.cost - b.cost);
  }

  #search(element: XmlElement, leaf: ElementPattern): Repair {
    if (this.#matcher.matches(element, leaf)) return { leaf, cost: 0, misfits: 0, missing: 0, issues: [] };
    const content = this.#schema.content(leaf);
    const isHopeless = content === this.#schema.pool.notAllowed;
    if (isHopeless || this.effort.isSpent)
      return { leaf, cost: isHopeless ? HOPELESS : 1, misfits: 1, missing: 0, issues: [] };
    let best = this.#run(element, content, QUICK);
    if (best.cost > 1 && !this.effort.isSpent) {
      const other = this.#run(element, content, THOROUGH);
      if (other.cost < best.cost) best = other;
    }
    return { leaf, cost: best.cost, misfits: best.misfits, missing: best.missing, issues: issuesOf(best) };
  }

  #run(element: XmlElement, content: Pattern, search: Search): RepairState {
    let states = [startState(content)];
    for (const attribute of element.attributes)
      if (attribute.key !== '') states = this.attribute(states, element, attribute, search);
    states = this.endOfAttributes(states, search);
    const end = this.content(states, element.children, search);
    // Behind what is inside of it: a large element must not keep its children from being looked at.
    this.effort.spend(1 + (element.attributes.length + element.children.length) * search.width);
    return end;
  }

  /** The states after an attribute. */
  attribute(
    states: readonly RepairState[],
    element: XmlElement,
    attribute: XmlAttribute,
    search: Search,
  ): RepairState[] {
    const next: RepairState[] = [];
    for (const state of states) this.#afterAttribute(state, element, attribute, search.blames, next);
    return bestStates(next, search);
  }

  #afterAttribute(
    state: RepairState,
    element: XmlElement,
    attribute: XmlAttribute,
    blames: boolean,
    next: RepairState[],
  ): void {
    const { derivation } = this.#schema;
    const { pattern } = state;
    const { key } = attribute;
    const { leaves } = derivation.attributes(pattern, key);
    const met = leaves.filter((leaf) => derivation.allowsValue(leaf, attribute.value));
    if (met.length > 0) next.push(advance(state, derivation.afterAttribute(pattern, key, met)));
    if (leaves.length > 0 && (met.length === 0 || (blames && met.length < leaves.length))) {
      const left = derivation.afterAttribute(pattern, key, leaves);
      const cost = met.length > 0 ? 1 + 3 * NUDGE : attribute.value === '' ? EMPTY : 1;
      next.push(misfit(state, left, { kind: 'bad-value', attribute, leaves }, cost));
    }
    if (leaves.length === 0) this.#afterStranger(state, element, attribute, blames, next);
    else if (met.length > 0 && blames)
      next.push(
        misfit(state, pattern, { kind: 'unknown-attribute', attribute, expected: pattern }, 1 + 2 * NUDGE),
      );
  }

  #afterStranger(
    state: RepairState,
    element: XmlElement,
    attribute: XmlAttribute,
    blames: boolean,
    next: RepairState[],
  ): void {
    const { derivation } = this.#schema;
    const { pattern } = state;
    const issue = { kind: 'unknown-attribute', attribute, expected: pattern } as const;
    const dropped = misfit(state, pattern, issue, 1 + NUDGE);
    if (state.misfits >= MAX_TOLD) {
      next.push(dropped);
      return;
    }
    const taken = new Set(element.attributes.map(({ key }) => key));
    const free = namesOf(attributeLeaves(pattern)).filter((name) => !taken.has(name));
    const rename = (name: string, cost: number, allows: (leaf: AttributePattern) => boolean): boolean => {
      const met = derivation.attributes(pattern, name).leaves.filter(allows);
      if (met.length === 0) return false;
      const left = derivation.afterAttribute(pattern, name, met);
      next.push(
        misfit(state, left, { kind: 'misspelt-attribute', attribute, name, expected: pattern }, cost),
      );
      return true;
    };
    const allowsValue = (leaf: AttributePattern) => derivation.allowsValue(leaf, attribute.value);
    nearestNames(attribute.key, free).some((name) => rename(name, 1, allowsValue));
    // A value of another attribute's list tells what was meant, too.
    const lists = (leaf: AttributePattern) => valuesOf([leaf.content]).values.includes(attribute.value);
    if (blames) for (const name of free) rename(name, 1 + 2 * NUDGE, lists);
    next.push({ ...dropped, strangers: [...dropped.strangers, attribute] });
  }

  /** The states once all attributes are read. */
  endOfAttributes(states: readonly RepairState[], search: Search): RepairState[] {
    const { derivation, pool } = this.#schema;
    const next: RepairState[] = [];
    for (const state of states) {
      const left = derivation.withoutAttributes(state.pattern);
      if (left !== pool.notAllowed) next.push({ ...advance(state, left), strangers: [] });
      if (left !== pool.notAllowed && search.width === 1) continue;
      for (const way of withoutRequiredAttributes(state.pattern, pool))
        next.push({ ...lacking(state, way.left, way.missing, undefined, this.fits), strangers: [] });
    }
    // A pattern that nothing can satisfy: then everything about the element is wrong, whatever it holds.
    if (next.length === 0)
      return states.map((state) => ({ ...advance(state, pool.notAllowed), cost: HOPELESS }));
    return bestStates(next, search);
  }

  /** The best state behind an element's content. */
  content(states: readonly RepairState[], children: readonly XmlNode[], search: Search): RepairState {
    let current = [...states];
    const hasElements = children.some((node) => node.kind === 'element');
    const takesElements = current.some(({ pattern }) => elementLeaves(pattern).length > 0);
    if (!hasElements || !takesElements) {
      for (const node of children)
        if (node.kind === 'element') current = current.map((state) => this.#drop(state, node, true));
      return best(
        current.map((state) => this.#text(state, children)),
        search,
      );
    }
    for (const node of children) current = this.child(current, node, search);
    return best(
      current.map((state) => this.endOfContent(state)),
      search,
    );
  }

  /** The states after a node between child elements. */
  child(states: readonly RepairState[], node: XmlNode, search: Search): RepairState[] {
    if (node.kind === 'element') {
      const next: RepairState[] = [];
      for (const state of states) next.push(...this.#afterChild(state, node, search));
      return bestStates(next, search);
    }
    if ((node.kind === 'text' && !node.blank) || (node.kind === 'cdata' && !isBlank(node.value)))
      return states.map((state) => {
        const left = this.#schema.derivation.afterText(state.pattern);
        return left === this.#schema.pool.notAllowed
          ? misfit(state, state.pattern, { kind: 'unexpected-text', text: node })
          : advance(state, left);
      });
    return [...states];
  }

  #afterChild(state: RepairState, child: XmlElement, search: Search): RepairState[] {
    const next: RepairState[] = [];
    const { derivation } = this.#schema;
    const { pattern } = state;
    const { leaves } = derivation.elements(pattern, child.key);
    const met = this.#matcher.matching(child, leaves);
    if (met.length > 0) next.push(advance(state, derivation.afterElement(pattern, child.key, met)));
    else {
      this.#afterWrongChild(state, child, leaves, search.width, next);
      this.#afterMisnamed(state, child, next);
    }
    // An element that may stand here is seldom the mistake: more likely another one is still missing.
    const inside = (next[0]?.cost ?? 0) - state.cost;
    if (leaves.length > 0) {
      if (next.length === 0 || search.blames) next.push(this.#drop(state, child, false, inside + 2));
      return next;
    }
    if (state.misfits >= MAX_TOLD) return [this.#drop(state, child, true)];
    this.#afterMisspelt(state, child, next);
    const { pool } = this.#schema;
    const further = elementLeaves(pattern).filter((leaf) => nameMatches(leaf.nameClass, child.key));
    const closest = new Set(this.#bestLeaves(child, further));
    const skipped =
      closest.size === 0
        ? undefined
        : skipToElement(
            pattern,
            child.key,
            (found) => found.filter((leaf) => closest.has(leaf)),
            derivation,
            pool,
          );
    // A place further on explains more, even when something before it is missing.
    next.push(this.#drop(state, child, skipped === undefined, skipped === undefined ? 0 : 2));
    if (skipped === undefined) return next;
    const arrived = lacking(state, skipped.left, skipped.missing, child);
    const [repair] = this.repairs(child, [...closest]);
    next.push(
      repair === undefined || repair.cost === 0
        ? arrived
        : withChild(arrived, arrived.pattern, child, repair),
    );
    return next;
  }

  /** Of leaves that allow the child's name, those it is, or else is closest to. */
  #bestLeaves(child: XmlElement, leaves: readonly ElementPattern[]): readonly ElementPattern[] {
    const met = this.#matcher.matching(child, leaves);
    if (met.length > 0) return met;
    const repairs = this.repairs(child, leaves);
    return repairs.filter(({ cost }) => cost === repairs[0]?.cost).map(({ leaf }) => leaf);
  }

  #afterWrongChild(
    state: RepairState,
    child: XmlElement,
    leaves: readonly ElementPattern[],
    width: number,
    next: RepairState[],
  ): void {
    const { derivation } = this.#schema;
    const repairs = this.repairs(child, leaves);
    const [cheapest] = repairs;
    if (cheapest === undefined) return;
    const equal = repairs.filter(({ cost }) => cost === cheapest.cost).map(({ leaf }) => leaf);
    next.push(withChild(state, derivation.afterElement(state.pattern, child.key, equal), child, cheapest));
    if (width === 1) return;
    for (const repair of repairs.slice(1, width))
      next.push(
        withChild(state, derivation.afterElement(state.pattern, child.key, [repair.leaf]), child, repair),
      );
  }

  #afterMisspelt(state: RepairState, child: XmlElement, next: RepairState[]): void {
    const { derivation } = this.#schema;
    const { pattern } = state;
    for (const name of nearestKeys(child.key, namesOf(elementLeaves(pattern)))) {
      const [repair] = this.repairs(child, derivation.elements(pattern, name).leaves);
      // What fits badly under the other name was hardly meant to have it.
      if (repair === undefined || repair.cost > 2) continue;
      const left = derivation.afterElement(pattern, name, [repair.leaf]);
      const renamed = misfit(state, left, { kind: 'misspelt-element', child, name, expected: pattern });
      next.push(repair.cost === 0 ? renamed : withChild(renamed, left, child, repair));
    }
  }

  /** A child that is very wrong under its own name, and exactly what is missing here, is taken for that. */
  #afterMisnamed(state: RepairState, child: XmlElement, next: RepairState[]): void {
    const { pattern } = state;
    if (next.every(({ cost }) => cost - state.cost <= 1)) return;
    for (const leaf of requiredLeaves(pattern) ?? []) {
      const [name] = leaf.kind === 'element' ? listedNames(leaf.nameClass) : [];
      if (name === undefined || name === child.key || !this.fits(child, leaf)) continue;
      const { derivation } = this.#schema;
      const { leaves } = derivation.elements(pattern, name);
      const met = leaves.filter((each) => each === leaf);
      if (met.length === 0) continue;
      const left = derivation.afterElement(pattern, name, met);
      next.push(misfit(state, left, { kind: 'misspelt-element', child, name, expected: pattern }, 1 - NUDGE));
    }
  }

  /** A state that takes no notice of the child. The more it holds, the less likely it should not be there. */
  #drop(state: RepairState, child: XmlElement, isStrange: boolean, atLeast = 0): RepairState {
    const size = child.attributes.length + child.children.length / 2;
    const cost = 1 + 2 * NUDGE + Math.min(size * NUDGE, 0.8);
    return dropping(state, child, Math.max(cost, atLeast), isStrange);
  }

  /** The state once all children are read. */
  endOfContent(state: RepairState): RepairState {
    const missing = requiredLeaves(state.pattern);
    if (missing === undefined) return { ...state, cost: state.cost + HOPELESS };
    return lacking(state, this.#schema.pool.empty, missing, undefined, this.fits);
  }

  #text(state: RepairState, children: readonly XmlNode[]): RepairState {
    const { pattern } = state;
    let text = '';
    for (const node of children) if (node.kind === 'text' || node.kind === 'cdata') text += node.value;
    const { derivation } = this.#schema;
    if (derivation.allowsText(pattern, text)) return advance(state, this.#schema.pool.empty);
    // The white space around elements that should not be there goes with them.
    const hasElements = children.some((node) => node.kind === 'element');
    if (hasElements && derivation.allowsText(pattern, text.trim()))
      return advance(state, this.#schema.pool.empty);
    if (isBlank(text)) return this.endOfContent(state);
    if (textualLeaves(pattern).length > 0 || takesAnyText(pattern))
      return misfit(state, this.#schema.pool.empty, { kind: 'bad-text', content: pattern });
    const node = children.find(
      (each) => (each.kind === 'text' && !each.blank) || (each.kind === 'cdata' && !isBlank(each.value)),
    );
    const found = node?.kind === 'text' || node?.kind === 'cdata' ? node : undefined;
    return this.endOfContent(misfit(state, pattern, { kind: 'unexpected-text', text: found }));
  }
}

function best(states: readonly RepairState[], { measure }: Search): RepairState {
  const [first] = bestStates(states, { width: 1, measure });
  // not for people: a fault of the program
  if (first === undefined) throw new RangeError('There is always a way to understand an element');
  return first;
}
