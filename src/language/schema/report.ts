import { t } from '@vscode/l10n';
import type { XmlElement, XmlText, XmlCdata } from '../xml/tree.ts';
import { splitExpandedName } from '../xml/namespaces.ts';
import { textOf } from '../xml/tree.ts';
import { Alternatives } from './alternatives.ts';
import type { Diagnostic } from './diagnostic.ts';
import { listedNames } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import type { Repairer } from './repair.ts';
import { joinMoved } from './moved.ts';
import type { Issue, Repair } from './repair-state.ts';
import type { Schema } from './schema.ts';
import { nearestKeys, nearestNames, nearestValue } from './suggest.ts';
import { textRange, trimmed, valueRange } from './ranges.ts';
import { sortOutTwins } from './twins.ts';
import { attributeLeaves, elementLeaves, namesOf, type RequiredLeaf } from './survey.ts';
import { badText, badValue, lacking, strange, tooDeep, unsuitable } from './sentences.ts';
import { aroundText, aroundValue, isPadded } from './white-space.ts';
import { describeContent, leafName, listed, tagged, valuesOf, writtenName } from './wording.ts';
import { shortName } from '../xml/short-name.ts';

type Stranger = Extract<
  Issue,
  { kind: 'unknown-attribute' | 'misspelt-attribute' | 'unexpected-element' | 'misspelt-element' }
>;
type Missing = Extract<Issue, { kind: 'missing' }>;

/** Puts what is wrong with an element, and inside of it, into diagnostics. */
export function report(
  schema: Schema,
  repairer: Repairer,
  element: XmlElement,
  repair: Repair,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  new Reporter(schema, repairer, found).element(element, repair);
  return joinMoved(found, repairer, schema);
}

class Reporter {
  readonly #schema: Schema;
  readonly #repairer: Repairer;
  readonly #found: Diagnostic[];
  readonly #alternatives: Alternatives;

  constructor(schema: Schema, repairer: Repairer, found: Diagnostic[]) {
    this.#schema = schema;
    this.#repairer = repairer;
    this.#found = found;
    this.#alternatives = new Alternatives(schema);
  }

  element(element: XmlElement, repair: Repair): void {
    const missing = repair.issues.filter((issue) => issue.kind === 'missing');
    const attributes = missing.filter(({ leaf }) => leaf.kind === 'attribute');
    const elements = missing.filter(({ leaf }) => leaf.kind === 'element');
    const nested = repair.issues.find((issue) => this.#isNested(element, repair, issue));
    if (nested !== undefined) {
      this.#nested(element, nested.child);
      return;
    }
    const { blamed, cleared, instead } = sortOutTwins(this.#schema, this.#repairer, element, repair);
    for (const found of repair.issues) {
      if ('child' in found && cleared.has(found.child)) continue;
      const twin = found.kind === 'unexpected-element' ? instead.get(found.child) : undefined;
      const issue =
        found.kind === 'unexpected-element' && twin !== undefined ? { ...found, child: twin } : found;
      switch (issue.kind) {
        case 'unknown-attribute':
        case 'misspelt-attribute':
          // A stranger and something missing are most likely one mistake: it was meant to be that.
          this.#attribute(element, issue, this.#take(attributes, issue)?.leaf);
          break;
        case 'bad-value':
          this.#value(element, issue);
          break;
        case 'unexpected-element':
        case 'misspelt-element':
          this.#child(element, repair, issue, this.#take(elements, issue), elements);
          break;
        case 'child':
          if (!this.#renamed(element, repair, issue.child, elements, blamed.has(issue.child)))
            this.element(issue.child, issue.repair);
          break;
        case 'bad-text':
          this.#text(element, issue.content);
          break;
        case 'unexpected-text':
          this.#unexpectedText(element, issue.text);
          break;
        case 'missing':
          break;
      }
    }
    for (const { leaf } of attributes) this.#missing(element, leaf);
    for (const { leaf, before } of elements) this.#missing(element, leaf, before);
    for (const { leaf } of missing)
      if (leaf.kind !== 'attribute' && leaf.kind !== 'element') this.#missing(element, leaf);
  }

  /** Whether a child is what the element around it should be itself: one of the two is too much. */
  #isNested(
    element: XmlElement,
    { leaf }: Repair,
    issue: Issue,
  ): issue is Extract<Issue, { kind: 'unexpected-element' }> {
    return (
      issue.kind === 'unexpected-element' &&
      issue.child.key === element.key &&
      this.#repairer.repair(issue.child, leaf).cost === 0
    );
  }

  #nested(element: XmlElement, child: XmlElement): void {
    this.#found.push({
      code: 'unexpected-element',
      severity: 'error',
      start: child.nameStart,
      end: child.nameEnd,
      message: t('{0} may not be inside another {0}.', tagged(element.name)),
      element: child,
      expected: [],
      suggestions: [],
      home: element,
    });
  }

  /** Takes what a stranger most likely was meant to be out of what is missing. */
  #take(missing: Missing[], issue: Stranger): Missing | undefined {
    if (issue.kind === 'misspelt-element' || issue.kind === 'misspelt-attribute') return undefined;
    const stranger = issue.kind === 'unknown-attribute' ? issue.attribute : issue.child;
    const same = missing.findIndex(({ leaf }) => isNamed(leaf, stranger.key));
    const index = same === -1 ? missing.findIndex(({ leaf }) => this.#repairer.fits(stranger, leaf)) : same;
    return index === -1 ? undefined : missing.splice(index, 1)[0];
  }

  /** One of two of a kind that is wrong inside, and just what else could be there, has only the wrong name. */
  #renamed(
    element: XmlElement,
    repair: Repair,
    child: XmlElement,
    missing: Missing[],
    isBlamed: boolean,
  ): boolean {
    if (!isBlamed && (missing.length === 0 || !hasTwin(element, child))) return false;
    const expected = this.#schema.content(repair.leaf);
    const index = missing.findIndex(({ leaf }) => this.#repairer.fits(child, leaf));
    const [needed] = index === -1 ? [] : missing.splice(index, 1);
    if (needed === undefined && !isBlamed) return false;
    const name = needed === undefined ? this.#otherName(element, expected, child) : nameOf(needed.leaf);
    if (name === undefined)
      this.#child(element, repair, { kind: 'unexpected-element', child, expected }, needed);
    else this.#child(element, repair, { kind: 'misspelt-element', child, name, expected }, needed);
    return true;
  }

  /** The name of something that is not there yet, and that a child would be under that name. */
  #otherName(element: XmlElement, expected: Pattern, child: XmlElement): string | undefined {
    const taken = new Set(element.children.map((node) => (node.kind === 'element' ? node.key : '')));
    // Something without attributes fits in too many places.
    if (child.attributes.length === 0) return undefined;
    return elementLeaves(expected)
      .filter((leaf) => this.#repairer.fits(child, leaf))
      .map(nameOf)
      .find((name) => name !== undefined && !taken.has(name));
  }

  /** What is missing may only stand one element too deep: in a stranger. */
  #takeFromInside(missing: Missing[], stranger: XmlElement): XmlElement | undefined {
    let held: XmlElement | undefined;
    for (const node of stranger.children) {
      if (node.kind !== 'element') continue;
      const index = missing.findIndex(({ leaf }) => isNamed(leaf, node.key));
      if (index === -1) continue;
      missing.splice(index, 1);
      held ??= node;
    }
    return held;
  }

  #attribute(
    element: XmlElement,
    issue: Extract<Issue, { kind: 'unknown-attribute' | 'misspelt-attribute' }>,
    missing: RequiredLeaf | undefined,
  ): void {
    const { attribute } = issue;
    const taken = new Set(element.attributes.map(({ key }) => key));
    const free = namesOf(attributeLeaves(issue.expected)).filter((name) => !taken.has(name));
    const expected = free.map((name) => writtenName(name, element));
    const suggestions =
      issue.kind === 'misspelt-attribute'
        ? [writtenName(issue.name, element)]
        : nearestNames(attribute.name, expected);
    const needed = missing?.kind === 'attribute' ? missing : undefined;
    if (needed !== undefined && suggestions.length === 0) suggestions.push(leafName(needed, element));
    const [owner, name] = [tagged(element.name), shortName(attribute.name)];
    const isAmongOthers = taken.size > 1 && free.length > 0;
    const message =
      suggestions.length > 0
        ? t('{0} may not have the attribute “{1}”: did you mean {2}?', owner, name, listed(suggestions))
        : isAmongOthers && this.#isKnown(element, issue.expected, attribute.key)
          ? t('{0} may not have the attribute “{1}” together with its other attributes.', owner, name)
          : t('{0} may not have the attribute “{1}”.', owner, name);
    this.#found.push({
      code: 'unexpected-attribute',
      severity: 'error',
      start: attribute.start,
      end: attribute.nameEnd,
      message,
      element,
      attribute,
      expected,
      suggestions,
      ...(needed && { missing: needed }),
    });
  }

  /** Whether the attribute is one that the element may have at other times. */
  #isKnown(element: XmlElement, expected: Pattern, key: string): boolean {
    return (
      element.attributes.length > 1 && this.#schema.derivation.attributes(expected, key).leaves.length > 0
    );
  }

  #value(element: XmlElement, issue: Extract<Issue, { kind: 'bad-value' }>): void {
    const { attribute, leaves } = issue;
    const allows = (value: string) => leaves.some((leaf) => this.#schema.derivation.allowsValue(leaf, value));
    if (isPadded(attribute.value) && allows(attribute.value.trim()) && !allows(attribute.value)) {
      this.#found.push(aroundValue(element, attribute, 'error'));
      return;
    }
    const isAllowed = allows(attribute.value);
    const contents = leaves.map(({ content }) => content);
    // An element that may be several things may have the values of all of them.
    const all = isAllowed ? contents : this.#alternatives.values(element, attribute, contents);
    const others = valuesOf(all).values.filter((value) => value !== attribute.value);
    const suggestions = nearestValue(attribute.value.trim(), others);
    const message = isAllowed
      ? unsuitable(element, attribute, others)
      : badValue(element, attribute, suggestions, describeContent(all));
    this.#found.push({
      code: 'bad-value',
      severity: 'error',
      ...valueRange(attribute),
      message,
      element,
      attribute,
      expected: others,
      suggestions,
    });
  }

  #child(
    element: XmlElement,
    repair: Repair,
    issue: Extract<Issue, { kind: 'unexpected-element' | 'misspelt-element' }>,
    missing: Missing | undefined,
    others: Missing[] = [],
  ): void {
    const { child } = issue;
    const keys = namesOf(elementLeaves(issue.expected));
    const expected = keys.map((name) => writtenName(name, element));
    const common = {
      severity: 'error',
      start: child.nameStart,
      end: child.nameEnd,
      element: child,
      expected,
    } as const;
    const needed = missing?.leaf.kind === 'element' ? missing.leaf : undefined;
    if (needed !== undefined && leafName(needed, element) === child.name) {
      const before = missing?.before;
      const [name, place] = [tagged(child.name), tagged(element.name)];
      const message =
        before === undefined
          ? t('{0} is in the wrong place in {1}.', name, place)
          : t('{0} must come before {1} in {2}.', name, tagged(before.name), place);
      this.#found.push({ ...common, code: 'misplaced-element', message, suggestions: [], home: element });
      return;
    }
    const isTwin = hasTwin(element, child);
    const fits = elementLeaves(this.#schema.content(repair.leaf)).some(
      (leaf) => leaf.nameClass === child.key,
    );
    if (issue.kind === 'unexpected-element' && isTwin && fits && needed === undefined) {
      const message = t('{0} may not contain another {1} here.', tagged(element.name), tagged(child.name));
      this.#found.push({ ...common, code: 'repeated-element', message, suggestions: [] });
      return;
    }
    const suggestions =
      issue.kind === 'misspelt-element'
        ? [writtenName(issue.name, element)]
        : namesLike(child, keys).map((name) => writtenName(name, element));
    if (needed !== undefined && suggestions.length === 0) suggestions.push(leafName(needed, element));
    // Its end tag says what it is meant to be.
    const { endTag } = child;
    if (endTag !== undefined && endTag.name !== child.name && expected.includes(endTag.name))
      suggestions.splice(0, suggestions.length, endTag.name);
    const held =
      suggestions.length === 0 && needed === undefined ? this.#takeFromInside(others, child) : undefined;
    this.#found.push({
      ...common,
      code: 'unexpected-element',
      message:
        held === undefined ? strange(element, child, fits, suggestions) : tooDeep(element, child, held),
      suggestions,
      ...(needed && { missing: needed }),
      ...(held && { inner: held }),
    });
  }

  #text(element: XmlElement, content: Pattern): void {
    const all = this.#alternatives.texts(element, content);
    const { values } = valuesOf(all);
    const text = textOf(element);
    if (isPadded(text) && this.#schema.derivation.allowsText(content, text.trim())) {
      this.#found.push(aroundText(element, 'error'));
      return;
    }
    const common = { code: 'bad-value', severity: 'error', ...textRange(element), element } as const;
    const suggestions = nearestValue(text.trim(), values);
    const message = badText(element, text, suggestions, describeContent(all));
    this.#found.push({ ...common, message, expected: values, suggestions });
  }

  #unexpectedText(element: XmlElement, text: XmlText | XmlCdata | undefined): void {
    this.#found.push({
      code: 'unexpected-text',
      severity: 'error',
      ...(text === undefined ? textRange(element) : trimmed(text)),
      message: t('{0} may not contain text.', tagged(element.name)),
      element,
      expected: [],
      suggestions: [],
    });
  }

  #missing(element: XmlElement, leaf: RequiredLeaf, before?: XmlElement): void {
    const common = {
      severity: 'error',
      start: element.nameStart,
      end: element.nameEnd,
      element,
      suggestions: [],
    } as const;
    if (leaf.kind === 'attribute' || leaf.kind === 'element') {
      const name = leafName(leaf, element);
      const message =
        leaf.kind === 'attribute'
          ? t('{0} needs the attribute “{1}”.', tagged(element.name), name)
          : lacking(element, name, before);
      const code = leaf.kind === 'attribute' ? 'missing-attribute' : 'missing-element';
      this.#found.push({ ...common, code, message, expected: [name], missing: leaf });
      return;
    }
    const wanted = describeContent([leaf]);
    const message =
      wanted === ''
        ? t('{0} needs a value.', tagged(element.name))
        : t('{0} needs a value: expected {1}.', tagged(element.name), wanted);
    this.#found.push({ ...common, code: 'missing-value', message, expected: valuesOf([leaf]).values });
  }
}

/** The names most like that of an element; where its prefix is missing, those that it has in some namespace. */
function namesLike({ key }: XmlElement, keys: readonly string[]): string[] {
  const inNamespace = keys.filter((each) => each !== key && splitExpandedName(each).local === key);
  return inNamespace.length > 0 ? inNamespace : nearestKeys(key, keys);
}

function hasTwin(element: XmlElement, child: XmlElement): boolean {
  return element.children.some((node) => node.kind === 'element' && node !== child && node.key === child.key);
}

function nameOf(leaf: RequiredLeaf): string | undefined {
  return leaf.kind === 'element' ? listedNames(leaf.nameClass)[0] : undefined;
}

function isNamed(leaf: RequiredLeaf, key: string): leaf is ElementPattern | AttributePattern {
  return (leaf.kind === 'element' || leaf.kind === 'attribute') && leaf.nameClass === key;
}
