import { t } from '@vscode/l10n';
import type { XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { NameClass } from './grammar.ts';
import { Leaves, leavesNamed } from './leaves.ts';
import type { ElementPattern } from './pattern.ts';
import { elementLeaves } from './survey.ts';
import { leafName, tagged } from './wording.ts';

/** Elements beyond these are not looked at, nor are more strays than these. */
const MAX_LOOKED_AT = 2000;
const MAX_STRAYS = 16;
/** How deep elements are made for one that has no place yet. */
const MAX_MADE = 2;
/** An element that is there is nearer than one that would have to be made. */
const MAKING = 0.5;

/** Where an element could be: in one that is there, or in others that are made inside of it, the outermost first. */
interface Home {
  readonly element: XmlElement;
  readonly made: readonly ElementPattern[];
  readonly name: string;
  /** How many steps it is from where the stray is. */
  readonly distance: number;
}

/**
 * An element that may not be where it is may be right somewhere else: then it says where it belongs. Only the nearest
 * place counts, and only when there is one.
 */
export function joinHomes(analysis: Analysis, found: readonly Diagnostic[]): Diagnostic[] {
  // A text that was made to be wrong is not worth it.
  let left = analysis.repairer.effort.isSpent ? 0 : MAX_STRAYS;
  let search: Search | undefined;
  const joined = found.map((diagnostic) => {
    const { element, code, suggestions, home, inner, missing } = diagnostic;
    const isPlain = code === 'unexpected-element' && suggestions.length === 0;
    if (!isPlain || (home ?? inner ?? missing) !== undefined || element?.parent === undefined || left === 0)
      return diagnostic;
    left -= 1;
    search ??= new Search(analysis);
    const place = search.homeOf(element, element.parent);
    return place === undefined ? diagnostic : misplaced(diagnostic, element, element.parent, place);
  });
  const made = madeIn(joined);
  return made.size === 0 ? joined : joined.filter((diagnostic) => !isMadeFor(diagnostic, made));
}

/** What will be made for misplaced elements, by the element that it is made in. */
function madeIn(found: readonly Diagnostic[]): ReadonlyMap<XmlElement, ReadonlySet<NameClass>> {
  const all = new Map<XmlElement, Set<NameClass>>();
  for (const { home, made } of found) {
    const outermost = made?.[0];
    if (home === undefined || outermost === undefined) continue;
    all.set(home, (all.get(home) ?? new Set()).add(outermost.nameClass));
  }
  return all;
}

/** Whether what is missing is what will be made for something misplaced: that is one mistake. */
function isMadeFor(
  { code, element, missing }: Diagnostic,
  made: ReadonlyMap<XmlElement, ReadonlySet<NameClass>>,
): boolean {
  if (code !== 'missing-element' || element === undefined || missing === undefined) return false;
  return made.get(element)?.has(missing.nameClass) === true;
}

function misplaced(
  diagnostic: Diagnostic,
  stray: XmlElement,
  parent: XmlElement,
  { element, made, name }: Home,
): Diagnostic {
  return {
    ...diagnostic,
    code: 'misplaced-element',
    message: t('{0} belongs in {1}, not in {2}.', tagged(stray.name), tagged(name), tagged(parent.name)),
    expected: [],
    home: element,
    ...(made.length > 0 && { made }),
  };
}

class Search {
  readonly #analysis: Analysis;
  readonly #leaves: Leaves;
  /** Which leaves hold the stray that is asked about. */
  readonly #known = new Map<ElementPattern, boolean>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#leaves = new Leaves(analysis.schema);
  }

  homeOf(stray: XmlElement, parent: XmlElement): Home | undefined {
    const { schema } = this.#analysis;
    this.#known.clear();
    // Here, but not beside the rest: that is another mistake.
    if (leavesNamed(schema, this.#leaves.of(parent), stray.key).length > 0) return undefined;
    const there = this.#existing(stray, parent);
    const near = only(there);
    if (near !== undefined && near.distance <= 1) return near;
    for (let depth = 1; depth <= MAX_MADE; depth += 1) {
      const homes = nearest([...there, ...this.#toBeMade(stray, parent, depth)]);
      if (homes.length > 0) return only(homes);
    }
    return undefined;
  }

  /** Whether an element of one of some leaves could hold the stray as it is. */
  #holds(leaves: readonly ElementPattern[], stray: XmlElement): boolean {
    return leaves.some((leaf) => {
      let holds = this.#known.get(leaf);
      if (holds === undefined) this.#known.set(leaf, (holds = this.#fitsIn(leaf, stray)));
      return holds;
    });
  }

  /** What may hold anything is the home of nothing. */
  #fitsIn(around: ElementPattern, stray: XmlElement): boolean {
    const { schema, repairer } = this.#analysis;
    return leavesNamed(schema, [around], stray.key).some(
      (leaf) => leaf.nameClass === stray.key && repairer.fits(stray, leaf),
    );
  }

  #existing(stray: XmlElement, parent: XmlElement): Home[] {
    const steps = new Map<XmlElement, number>();
    for (let at: XmlElement | undefined = parent, step = 0; at !== undefined; at = at.parent, step += 1)
      steps.set(at, step);
    const homes: Home[] = [];
    for (const element of this.#analysis.document.elements.slice(0, MAX_LOOKED_AT)) {
      if (element.key === parent.key || (element.start >= stray.start && element.end <= stray.end)) continue;
      if (!this.#holds(this.#leaves.of(element), stray)) continue;
      homes.push({ element, made: [], name: element.name, distance: distanceFrom(element, steps) });
    }
    return nearest(homes);
  }

  /** Elements that could be put into one around the stray, to hold it. */
  #toBeMade(stray: XmlElement, parent: XmlElement, depth: number): Home[] {
    const homes = new Map<string, Home>();
    let step = 0;
    for (let around: XmlElement | undefined = parent; around !== undefined; around = around.parent, step += 1)
      for (const made of this.#paths(around, depth)) {
        const inner = made.at(-1);
        if (inner === undefined || !this.#holds([inner], stray)) continue;
        const name = leafName(inner, around);
        const key = `${around.index} ${made.map((leaf) => leafName(leaf)).join('/')}`;
        if (!homes.has(key)) homes.set(key, { element: around, made, name, distance: step + depth + MAKING });
      }
    return nearest([...homes.values()]);
  }

  /** The ways down from an element to something that it does not hold yet. */
  #paths(around: XmlElement, depth: number): ElementPattern[][] {
    const { schema } = this.#analysis;
    const taken = new Set(around.children.map((node) => (node.kind === 'element' ? node.key : '')));
    const below = (leaves: readonly ElementPattern[]): ElementPattern[] =>
      leaves
        .flatMap((leaf) => elementLeaves(schema.content(leaf)))
        .filter(({ nameClass }) => typeof nameClass === 'string');
    let paths = [...new Set(below(this.#leaves.of(around)))]
      .filter(({ nameClass }) => typeof nameClass === 'string' && !taken.has(nameClass))
      .map((leaf) => [leaf]);
    for (let level = 1; level < depth; level += 1)
      paths = paths.flatMap((path) => below(path.slice(-1)).map((leaf) => [...path, leaf]));
    return paths;
  }
}

/** Steps up from the stray to an element around both, and down from there. */
function distanceFrom(element: XmlElement, steps: ReadonlyMap<XmlElement, number>): number {
  let down = 0;
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent, down += 1) {
    const up = steps.get(at);
    if (up !== undefined) return up + down;
  }
  return Number.POSITIVE_INFINITY;
}

function nearest(homes: readonly Home[]): Home[] {
  const least = Math.min(...homes.map(({ distance }) => distance));
  return homes.filter(({ distance }) => distance === least);
}

/** The only one of some homes; undefined when there are several. */
function only(homes: readonly Home[]): Home | undefined {
  return homes.length === 1 ? homes[0] : undefined;
}
