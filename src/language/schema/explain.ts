import { locate, pathTo } from '../xml/locate.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { Context } from './context.ts';
import { nameMatches } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import { attributeLeaves, elementLeaves, namesOf, takesAnyText, textualLeaves } from './survey.ts';
import { describeContent, valuesOf, writtenName } from './wording.ts';

/** What the schema says about an element or attribute of a document. */
export interface Explanation extends TextRange {
  readonly kind: 'element' | 'attribute';
  readonly name: string;
  /** The names of the elements from the root down to this one, or to the one that has this attribute. */
  readonly path: readonly string[];
  readonly element: XmlElement;
  readonly attribute?: XmlAttribute;
  /** Whether the element that holds it must have it. */
  readonly required: boolean;
  /** What its value has to be, in words; empty when it has none. */
  readonly type: string;
  readonly values: readonly string[];
  /** Whether other values are allowed than those listed. */
  readonly open: boolean;
  /** The attributes and elements that an element can have at all. */
  readonly attributes: readonly string[];
  readonly children: readonly string[];
}

/** Explains what is at an offset: the tags of an element, or an attribute. Undefined where there is nothing to say. */
export function explain(analysis: Analysis, offset: number): Explanation | undefined {
  const { place, element, attribute } = locate(analysis.document, offset);
  if (element === undefined) return undefined;
  if (attribute !== undefined) return explainAttribute(analysis, element, attribute);
  const inEndTag = place === 'end-tag' && element.endTag !== undefined;
  if (place !== 'tag-name' && !inEndTag) return undefined;
  return explainElement(analysis, element, inEndTag);
}

function explainElement(analysis: Analysis, element: XmlElement, inEndTag: boolean): Explanation | undefined {
  const { schema } = analysis;
  const leaves = Context.of(analysis, element).likely;
  if (leaves.length === 0) return undefined;
  const contents = leaves.map((leaf) => schema.content(leaf));
  const textual = contents.filter((content) => textualLeaves(content).length > 0 || takesAnyText(content));
  const { endTag } = element;
  const range = inEndTag && endTag !== undefined ? endTag : element;
  const { parent } = element;
  return {
    kind: 'element',
    name: element.name,
    path: pathTo(element).map(({ name }) => name),
    element,
    start: range.nameStart,
    end: range.nameEnd,
    required:
      parent === undefined ||
      isRequired(analysis, parent, (leaf) => leaf.kind === 'element' && leaves.includes(leaf)),
    type: describeContent(textual),
    ...valuesOf(textual),
    attributes: namesOf(contents.flatMap(attributeLeaves)).map((name) => writtenName(name, element)),
    children: namesOf(contents.flatMap(elementLeaves)).map((name) => writtenName(name, element)),
  };
}

function explainAttribute(
  analysis: Analysis,
  element: XmlElement,
  attribute: XmlAttribute,
): Explanation | undefined {
  const { schema } = analysis;
  const leaves = Context.of(analysis, element)
    .likely.flatMap((leaf) => attributeLeaves(schema.content(leaf)))
    .filter((leaf) => nameMatches(leaf.nameClass, attribute.key));
  if (attribute.key === '' || leaves.length === 0) return undefined;
  const contents = leaves.map(({ content }) => content);
  return {
    kind: 'attribute',
    name: attribute.name,
    path: pathTo(element).map(({ name }) => name),
    element,
    attribute,
    start: attribute.start,
    end: attribute.end,
    required: isRequired(analysis, element, (leaf) => leaf.kind === 'attribute' && leaves.includes(leaf)),
    type: describeContent(contents),
    ...valuesOf(contents),
    attributes: [],
    children: [],
  };
}

function isRequired(
  analysis: Analysis,
  owner: XmlElement,
  isIt: (leaf: ElementPattern | AttributePattern) => boolean,
): boolean {
  const { likely } = Context.of(analysis, owner);
  return likely.length > 0 && likely.every((leaf) => !canDoWithout(analysis.schema.content(leaf), isIt));
}

function canDoWithout(pattern: Pattern, isIt: (leaf: ElementPattern | AttributePattern) => boolean): boolean {
  switch (pattern.kind) {
    case 'choice':
      return pattern.parts.some((part) => canDoWithout(part, isIt));
    case 'group':
    case 'interleave':
      return pattern.parts.every((part) => canDoWithout(part, isIt));
    case 'oneOrMore':
      return canDoWithout(pattern.part, isIt);
    case 'element':
    case 'attribute':
      return !isIt(pattern);
    default:
      return true;
  }
}
