import { locate } from '../xml/locate.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { Context } from './context.ts';
import { listedNames } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import { Probe, type Candidate } from './probe.ts';
import { attributeSlot, makeSkeleton, type Skeleton, type Slot } from './skeleton.ts';
import { elementLeaves } from './survey.ts';
import { writtenName } from './wording.ts';

export type CompletionItem =
  | {
      readonly kind: 'element';
      /** As it is written, with a prefix where it needs one. */
      readonly name: string;
      /** Whether the element around lacks it. */
      readonly required: boolean;
      readonly skeleton: Skeleton;
    }
  | { readonly kind: 'attribute'; readonly name: string; readonly required: boolean; readonly value: Slot }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'end-tag'; readonly name: string };

/** What could stand at a place. The range is what an item replaces: a name or value that is already begun. */
export interface Completion extends TextRange {
  readonly place: 'element' | 'attribute' | 'attribute-value' | 'text' | 'end-tag' | 'none';
  readonly items: readonly CompletionItem[];
  /** Whether other values are allowed than those listed. */
  readonly open: boolean;
  /** The element that the item goes into, or whose attribute, value or end tag it is. */
  readonly element: XmlElement | undefined;
  readonly attribute?: XmlAttribute;
}

/**
 * What could be typed at an offset. An element's range starts at its `<` when that is already there, an end tag's at
 * its `</`; an attribute's is its name; a value's what is between the quotes.
 */
export function complete(analysis: Analysis, offset: number): Completion {
  const { document } = analysis;
  const location = locate(document, offset);
  const { element } = location;
  const begun = begunEndTag(document.text, offset);
  if (begun !== undefined && location.place !== 'attribute-value' && location.place !== 'other')
    return completeEndTag(enclosing(analysis, offset, begun), begun, offset);
  switch (location.place) {
    case 'content':
      return completeContent(analysis, element, offset);
    case 'tag-name':
      return element === undefined ? nothing(offset) : completeTagName(analysis, element, offset);
    case 'tag':
      return element === undefined
        ? nothing(offset)
        : completeAttribute(analysis, element, undefined, offset);
    case 'attribute-name':
      return element === undefined
        ? nothing(offset)
        : completeAttribute(analysis, element, location.attribute, offset);
    case 'attribute-value':
      return element === undefined || location.attribute === undefined
        ? nothing(offset)
        : completeValue(analysis, element, location.attribute);
    case 'end-tag':
    case 'other':
      return nothing(offset);
  }
}

function nothing(offset: number): Completion {
  return { place: 'none', start: offset, end: offset, items: [], open: false, element: undefined };
}

/** Where an end tag starts that is being typed up to the offset. */
function begunEndTag(text: string, offset: number): number | undefined {
  const line = text.slice(Math.max(0, offset - 100), offset);
  const match = /<\/[^\s<>/]*$/.exec(line);
  return match === null ? undefined : offset - match[0].length;
}

/** The innermost element around an offset that has no end tag before it. */
function enclosing(analysis: Analysis, offset: number, begun: number): XmlElement | undefined {
  let found: XmlElement | undefined;
  for (const element of analysis.document.elements) {
    if (element.start >= begun) break;
    if (element.selfClosing || element.startTagEnd > begun) continue;
    const end = element.endTag?.start ?? Number.POSITIVE_INFINITY;
    // An end tag right behind what is typed, of the same element or one around it, does not close it yet.
    if (end >= begun && isAround(element, offset)) found = element;
  }
  return found;
}

function isAround(element: XmlElement, offset: number): boolean {
  if (element.endTag !== undefined) return element.endTag.end >= offset;
  const siblings = element.parent?.children ?? [];
  const next = siblings.find((node) => node.kind === 'element' && node.start > element.start);
  return next === undefined || next.start >= offset;
}

function completeEndTag(element: XmlElement | undefined, start: number, offset: number): Completion {
  const items = element === undefined ? [] : [{ kind: 'end-tag', name: element.name } as const];
  return { place: 'end-tag', start, end: offset, items, open: false, element };
}

function completeContent(analysis: Analysis, element: XmlElement | undefined, offset: number): Completion {
  const start = analysis.document.text[offset - 1] === '<' ? offset - 1 : offset;
  if (element === undefined) {
    const items = analysis.document.root === undefined ? rootItems(analysis) : [];
    return { place: 'element', start, end: offset, items, open: false, element };
  }
  const context = Context.of(analysis, element);
  const probe = new Probe(analysis.schema, context);
  const items: CompletionItem[] = elementItems(
    analysis,
    probe.elements(positionIn(context, offset)),
    element,
  );
  let open = false;
  if (start === offset && !element.children.some((node) => node.kind === 'element')) {
    const texts = probe.texts();
    items.push(...texts.values.map((value) => ({ kind: 'value', value }) as const));
    ({ open } = texts);
    if (items.length > 0 && items.every(({ kind }) => kind === 'value'))
      return { place: 'text', ...textAround(element, offset), items, open, element };
  }
  if (element.endTag === undefined && !element.selfClosing)
    items.push({ kind: 'end-tag', name: element.name });
  return { place: 'element', start, end: offset, items, open, element };
}

/** The text that a value replaces: all that is between the tags, without the white space around it. */
function textAround(element: XmlElement, offset: number): TextRange {
  const node = element.children.find(
    (each) => each.kind === 'text' && !each.blank && each.start <= offset && offset <= each.end,
  );
  return node === undefined ? { start: offset, end: offset } : { start: node.start, end: node.end };
}

function positionIn(context: Context, offset: number): number {
  const index = context.children.findIndex(
    (node) => node.start >= offset || (node.kind === 'text' && node.end >= offset),
  );
  return index === -1 ? context.children.length : index;
}

function completeTagName(analysis: Analysis, element: XmlElement, offset: number): Completion {
  const range = { start: element.start, end: Math.max(element.nameEnd, offset) };
  const { parent } = element;
  if (parent === undefined)
    return { place: 'element', ...range, items: rootItems(analysis), open: false, element: undefined };
  const context = Context.of(analysis, parent, element);
  const position = context.children.findIndex((node) => node.start >= element.start);
  const candidates = new Probe(analysis.schema, context).elements(
    position === -1 ? context.children.length : position,
  );
  const items = elementItems(analysis, candidates, parent);
  return { place: 'element', ...range, items, open: false, element: parent };
}

function rootItems(analysis: Analysis): CompletionItem[] {
  const { schema } = analysis;
  return elementLeaves(schema.start).flatMap((leaf) =>
    listedNames(leaf.nameClass).map((name) => ({
      kind: 'element' as const,
      name: writtenName(name),
      required: true,
      skeleton: makeSkeleton(schema, leaf),
    })),
  );
}

function elementItems(
  analysis: Analysis,
  candidates: readonly Candidate<ElementPattern>[],
  parent: XmlElement,
): CompletionItem[] {
  return candidates.map(({ name, leaf, required }) => ({
    kind: 'element',
    name: writtenName(name, parent),
    required,
    skeleton: makeSkeleton(analysis.schema, leaf, parent),
  }));
}

function completeAttribute(
  analysis: Analysis,
  element: XmlElement,
  attribute: XmlAttribute | undefined,
  offset: number,
): Completion {
  const context = Context.of(analysis, element);
  const probe = new Probe(analysis.schema, context);
  const contents = analysis.schema.pool.choice(context.likely.map((leaf) => analysis.schema.content(leaf)));
  const items = probe.attributes(attribute).map((candidate) => attributeItem(candidate, element, contents));
  const range =
    attribute === undefined
      ? { start: offset, end: offset }
      : { start: attribute.start, end: attribute.nameEnd };
  return { place: 'attribute', ...range, items, open: false, element, ...(attribute && { attribute }) };
}

function attributeItem(
  { name, leaf, required }: Candidate<AttributePattern>,
  element: XmlElement,
  contents: Pattern,
): CompletionItem {
  const value = attributeSlot(leaf, contents);
  return { kind: 'attribute', name: writtenName(name, element), required, value };
}

function completeValue(analysis: Analysis, element: XmlElement, attribute: XmlAttribute): Completion {
  const { values, open } = new Probe(analysis.schema, Context.of(analysis, element)).values(attribute);
  return {
    place: 'attribute-value',
    start: attribute.valueStart,
    end: attribute.valueEnd,
    items: values.map((value) => ({ kind: 'value', value })),
    open,
    element,
    attribute,
  };
}
