import type { XmlAttribute, XmlElement, XmlNode } from '../xml/tree.ts';
import { pathTo } from '../xml/locate.ts';
import type { Analysis } from './analysis.ts';
import { skipToElement } from './detour.ts';
import { nameMatches } from './grammar.ts';
import type { AttributePattern, ElementPattern } from './pattern.ts';
import type { Search } from './repair.ts';
import {
  advance,
  bestStates,
  lacking,
  misfit,
  startState,
  type RepairState,
  withChild,
} from './repair-state.ts';
import { elementLeaves } from './survey.ts';

/** How much is wrong with an element. */
export interface Fault {
  readonly misfits: number;
  readonly missing: number;
}

/** What is wrong with an element after some states have been read to its end; undefined when that cannot be. */
export type Finish = (states: readonly RepairState[]) => Fault | undefined;

/** What is wrong with an element by the leaf that it is taken for. */
export type Faults = ReadonlyMap<ElementPattern, Fault>;

/** Something missing may still be typed; a misfit is wrong however the document goes on. */
function measure({ misfits, missing }: Fault): number {
  return misfits * 64 + missing;
}

const SEARCH: Search = { width: 4, blames: false, measure };

/**
 * An element with all that is around it: what it could be, and what a change inside it would do to the
 * document.
 */
export class Context {
  readonly element: XmlElement;
  /** All that the element could belong to by its name and those of the elements around it. */
  readonly leaves: readonly ElementPattern[];
  readonly #analysis: Analysis;
  readonly #outer: Context | undefined;
  /** The states before the child that leads to the innermost context, by leaf, and what is wrong behind it. */
  readonly #before = new Map<ElementPattern, RepairState[]>();
  #behind: Finish | undefined;
  #current: Fault | undefined;
  #likely: readonly ElementPattern[] | undefined;
  /** Nodes that are not to be seen: what is just being typed. */
  readonly #hidden: XmlElement | undefined;

  private constructor(
    analysis: Analysis,
    element: XmlElement,
    outer: Context | undefined,
    hidden: XmlElement | undefined,
  ) {
    this.#analysis = analysis;
    this.element = element;
    this.#outer = outer;
    this.#hidden = hidden;
    this.leaves = outer === undefined ? analysis.rootLeaves : outer.#leavesFor(element.key);
  }

  /** The context of an element; one of its children may be left out of account. */
  static of(analysis: Analysis, element: XmlElement, hidden?: XmlElement): Context {
    let context: Context | undefined;
    for (const each of pathTo(element))
      context = new Context(analysis, each, context, each === element ? hidden : undefined);
    // not for people: a fault of the program
    if (context === undefined) throw new RangeError('A path has at least its own element');
    return context;
  }

  #leavesFor(key: string): readonly ElementPattern[] {
    const { schema } = this.#analysis;
    const found = new Set<ElementPattern>();
    for (const leaf of this.leaves)
      for (const inner of elementLeaves(schema.content(leaf)))
        if (nameMatches(inner.nameClass, key) && schema.content(inner) !== schema.pool.notAllowed)
          found.add(inner);
    return [...found];
  }

  /** The children as they count: without what is hidden, whose own children stand in its place. */
  get children(): readonly XmlNode[] {
    const hidden = this.#hidden;
    const { children } = this.element;
    if (hidden === undefined) return children;
    // What has its own end tag holds what is its own.
    const inPlace = hidden.endTag === undefined ? hidden.children : [];
    return children.flatMap((node) => (node === hidden ? inPlace : [node]));
  }

  /** The states of the element, taken for a leaf, after its attributes but one. */
  afterAttributes(leaf: ElementPattern, but?: XmlAttribute): RepairState[] {
    let states = [startState(this.#analysis.schema.content(leaf))];
    for (const attribute of this.element.attributes)
      if (attribute.key !== '' && attribute !== but)
        states = this.#analysis.repairer.attribute(states, this.element, attribute, SEARCH);
    return states;
  }

  endOfAttributes(states: readonly RepairState[]): RepairState[] {
    return this.#analysis.repairer.endOfAttributes(states, SEARCH);
  }

  /** The states after some of the element's children. */
  afterChildren(states: readonly RepairState[], children: readonly XmlNode[]): RepairState[] {
    let current = [...states];
    for (const node of children) current = this.#analysis.repairer.child(current, node, SEARCH);
    return current;
  }

  /** What is wrong with the best of some states once all children are read. */
  fault(states: readonly RepairState[]): Fault | undefined {
    const ends = states.map((state) => this.#analysis.repairer.endOfContent(state));
    return bestStates(ends, { width: 1, measure })[0];
  }

  /** What is wrong with the element as it is, by leaf. */
  faults(): Faults {
    const faults = new Map<ElementPattern, Fault>();
    for (const leaf of this.leaves) {
      const fault = this.fault(this.#whole(leaf));
      if (fault !== undefined) faults.set(leaf, fault);
    }
    return faults;
  }

  #whole(leaf: ElementPattern): RepairState[] {
    return this.afterChildren(this.endOfAttributes(this.afterAttributes(leaf)), this.children);
  }

  /** What would be wrong with the whole document if that were wrong with the element. */
  document(faults: Faults): Fault | undefined {
    const outer = this.#outer;
    if (outer === undefined) return least([...faults.values()]);
    const around = new Map<ElementPattern, Fault>();
    for (const leaf of outer.leaves) {
      const fault = outer.#around(leaf, this.element, faults);
      if (fault !== undefined) around.set(leaf, fault);
    }
    return outer.document(around);
  }

  /**
   * What is wrong with this element, taken for a leaf, when that is wrong with one of its children: always the same
   * one, so that what comes before it is read once.
   */
  #around(leaf: ElementPattern, changed: XmlElement, faults: Faults): Fault | undefined {
    const { children } = this.element;
    const at = children.indexOf(changed);
    let before = this.#before.get(leaf);
    if (before === undefined) {
      before = this.afterChildren(this.endOfAttributes(this.afterAttributes(leaf)), children.slice(0, at));
      this.#before.set(leaf, before);
    }
    const states = bestStates(
      before.flatMap((state) => this.#taking(state, changed, faults)),
      SEARCH,
    );
    this.#behind ??= remembering((each) => this.fault(this.afterChildren(each, children.slice(at + 1))));
    return this.#behind(states);
  }

  /** The states after a child of which it is known what is wrong with it. */
  #taking(state: RepairState, child: XmlElement, faults: Faults): RepairState[] {
    const { derivation, pool } = this.#analysis.schema;
    const ways: RepairState[] = [];
    for (const [leaf, { misfits, missing }] of faults) {
      const repair = { leaf, misfits, missing, cost: misfits + missing, issues: [] };
      const way = skipToElement(
        state.pattern,
        child.key,
        (leaves) => leaves.filter((each) => each === leaf),
        derivation,
        pool,
      );
      if (way !== undefined)
        ways.push(withChild(lacking(state, way.left, way.missing), way.left, child, repair));
    }
    if (ways.length > 0) return ways;
    return [misfit(state, state.pattern, { kind: 'unexpected-element', child, expected: state.pattern })];
  }

  /** What is wrong with the document as it is. */
  get current(): Fault {
    return (this.#current ??= this.document(this.faults()) ?? { misfits: 0, missing: 0 });
  }

  /** Of the leaves, those that the element is most likely meant as. */
  get likely(): readonly ElementPattern[] {
    return (this.#likely ??= this.#findLikely());
  }

  #findLikely(): readonly ElementPattern[] {
    if (this.leaves.length <= 1) return this.leaves;
    const faults = this.faults();
    const least = measure(this.current);
    const likely = this.leaves.filter((leaf) => {
      const fault = faults.get(leaf);
      const whole = fault && this.document(new Map([[leaf, fault]]));
      return whole !== undefined && measure(whole) <= least;
    });
    return likely.length === 0 ? this.leaves : likely;
  }

  /** The state with a child of this leaf put in, whatever it holds; undefined when it cannot stand here. */
  withElement(state: RepairState, key: string, leaf: ElementPattern): RepairState | undefined {
    const { derivation, pool } = this.#analysis.schema;
    const way = skipToElement(
      state.pattern,
      key,
      (leaves) => leaves.filter((each) => each === leaf),
      derivation,
      pool,
    );
    return way && lacking(state, way.left, way.missing);
  }

  /** The state with an attribute that belongs to these leaves; undefined when it cannot stand here. */
  withAttribute(
    state: RepairState,
    key: string,
    allows: (leaf: AttributePattern) => boolean,
  ): RepairState | undefined {
    const { derivation } = this.#analysis.schema;
    const met = derivation.attributes(state.pattern, key).leaves.filter(allows);
    return met.length === 0 ? undefined : advance(state, derivation.afterAttribute(state.pattern, key, met));
  }

  /** Best states only, as everywhere here. */
  static best(states: readonly RepairState[]): RepairState[] {
    return states.length === 0 ? [] : bestStates(states, SEARCH);
  }
}

function least(faults: readonly Fault[]): Fault | undefined {
  let found: Fault | undefined;
  for (const fault of faults) if (found === undefined || measure(fault) < measure(found)) found = fault;
  return found;
}

/** Many ways lead to the same states, and what follows is then the same, too. */
export function remembering(finish: Finish): Finish {
  const known = new Map<string, Fault | undefined>();
  return (states) => {
    let key = '';
    for (const { pattern, misfits, missing } of states) key += `${pattern.id}/${misfits}/${missing} `;
    if (!known.has(key)) known.set(key, finish(states));
    return known.get(key);
  };
}
