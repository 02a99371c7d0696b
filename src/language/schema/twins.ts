import type { XmlElement } from '../xml/tree.ts';
import { nameMatches } from './grammar.ts';
import type { Repairer } from './repair.ts';
import type { Repair } from './repair-state.ts';
import type { Schema } from './schema.ts';
import { elementLeaves } from './survey.ts';

/** What is to blame where there are two of a kind and only one may be. */
export interface Twins {
  /** Wrong inside, too, and so more likely the one that is too much. */
  readonly blamed: ReadonlySet<XmlElement>;
  /** Fine, since the other one is to blame. */
  readonly cleared: ReadonlySet<XmlElement>;
  /** Blamed instead of the one that no longer fitted. */
  readonly instead: ReadonlyMap<XmlElement, XmlElement>;
}

/** How many more siblings on the wrong side of one of two make it the one that is too much. */
const FAR = 2;

/** More siblings than this are not compared. */
const MAX_SIBLINGS = 400;

/**
 * Reading a document, the second of two is one too many; sometimes the first one is the more likely mistake.
 */
export function sortOutTwins(
  schema: Schema,
  repairer: Repairer,
  element: XmlElement,
  { issues, leaf }: Repair,
): Twins {
  const blamed = new Set<XmlElement>();
  const cleared = new Set<XmlElement>();
  const instead = new Map<XmlElement, XmlElement>();
  const refused = new Set<XmlElement>();
  const wrong = new Map<XmlElement, Repair>();
  for (const issue of issues) {
    if (issue.kind === 'unexpected-element') refused.add(issue.child);
    else if (issue.kind === 'child') wrong.set(issue.child, issue.repair);
  }
  for (const child of refused) {
    const isTaken = (other: XmlElement) => blamed.has(other) || [...instead.values()].includes(other);
    const twins = twinsOf(element, child).filter((other) => !refused.has(other) && !isTaken(other));
    const broken = twins.find((other) => {
      const repair = wrong.get(other);
      return repair !== undefined && repairer.repair(child, repair.leaf).cost === 0;
    });
    if (broken !== undefined) {
      blamed.add(broken);
      cleared.add(child);
      continue;
    }
    const other = twins.find((each) => !wrong.has(each));
    const fits = (each: XmlElement) =>
      elementLeaves(schema.content(leaf)).some(
        (inner) => nameMatches(inner.nameClass, each.key) && repairer.repair(each, inner).cost === 0,
      );
    if (other === undefined || !fits(child)) continue;
    if (isWorse(other, child, element, schema.childNames(leaf))) instead.set(child, other);
  }
  return { blamed, cleared, instead };
}

function twinsOf(element: XmlElement, child: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (const node of element.children.slice(0, MAX_SIBLINGS))
    if (node.kind === 'element' && node !== child && node.key === child.key) found.push(node);
  return found;
}

/** Whether the first of two is the one that is empty, or is further from its usual place. */
function isWorse(
  first: XmlElement,
  second: XmlElement,
  parent: XmlElement,
  order: readonly string[],
): boolean {
  if (isHollow(first) !== isHollow(second)) return isHollow(first);
  const rank = new Map(order.map((name, index) => [name, index]));
  return disorder(first, parent, rank) >= disorder(second, parent, rank) + FAR;
}

function isHollow({ attributes, children }: XmlElement): boolean {
  return attributes.length === 0 && children.every((node) => node.kind === 'text' && node.blank);
}

/** How many siblings are on the wrong side of it, by the order in which the schema speaks of them. */
function disorder(child: XmlElement, parent: XmlElement, rank: ReadonlyMap<string, number>): number {
  const own = rank.get(child.key);
  if (own === undefined) return 0;
  let count = 0;
  for (const node of parent.children.slice(0, MAX_SIBLINGS)) {
    const other = node.kind === 'element' && node.key !== child.key ? rank.get(node.key) : undefined;
    if (other !== undefined && node.start < child.start === other > own) count += 1;
  }
  return count;
}
