import { t } from '@vscode/l10n';
import { textOf, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { keepsSpace } from './datatype.ts';
import type { Diagnostic } from './diagnostic.ts';
import { nameMatches } from './grammar.ts';
import { Leaves } from './leaves.ts';
import type { Pattern } from './pattern.ts';
import { contentRange, valueRange } from './ranges.ts';
import { attributeLeaves, takesAnyText, textualLeaves } from './survey.ts';
import { tagged } from './wording.ts';

/** A document with more of them was made so by a program, which has to be mended instead. */
const MAX_TOLD = 200;

/**
 * White space around values. Most types of a schema take no notice of it, and libvirt does: it refuses ` 64` and
 * `virtio `, and takes others for a part of the value.
 */
export function spaceWarnings(analysis: Analysis): Diagnostic[] {
  const found: Diagnostic[] = [];
  const leaves = new Leaves(analysis.schema);
  for (const element of analysis.document.elements) {
    if (found.length >= MAX_TOLD) break;
    for (const attribute of element.attributes)
      if (isPadded(attribute.value) && attribute.key !== '')
        found.push(...ofAttribute(analysis, leaves, element, attribute));
    if (hasPaddedText(element)) found.push(...ofText(analysis, leaves, element));
  }
  return found;
}

/** Whether there is something with white space before or behind it. */
export function isPadded(value: string): boolean {
  return hasSpaceAtEnds(value) && value.trim() !== '';
}

function hasSpaceAtEnds(value: string): boolean {
  const last = value.length - 1;
  return last >= 0 && (value.charCodeAt(0) <= SPACE || value.charCodeAt(last) <= SPACE);
}

/** XML has no other characters up to here than white space. */
const SPACE = 0x20;

/** Looks at every element of a document at every key: most have no text, or children behind it. */
function hasPaddedText(element: XmlElement): boolean {
  const { children, parent } = element;
  const [first, second] = children;
  if (first === undefined || first.kind === 'element' || second?.kind === 'element') return false;
  if (second === undefined)
    return (first.kind === 'text' || first.kind === 'cdata') && parent !== undefined && isPadded(first.value);
  return (
    parent !== undefined && children.every(({ kind }) => kind !== 'element') && isPadded(textOf(element))
  );
}

function ofAttribute(
  analysis: Analysis,
  leaves: Leaves,
  element: XmlElement,
  attribute: XmlAttribute,
): Diagnostic[] {
  const { schema, matcher } = analysis;
  // What goes past libvirt to QEMU is not libvirt's to refuse, and filters put variables in.
  if (element.key.startsWith('{') || attribute.value.includes('$')) return [];
  const contents = leaves
    .met(element, matcher)
    .flatMap((leaf) => attributeLeaves(schema.content(leaf)))
    .filter(({ nameClass }) => nameMatches(nameClass, attribute.key))
    .map(({ content }) => content);
  const reason = reasonFor(contents);
  return reason === undefined ? [] : [aroundValue(element, attribute, 'warning', reason)];
}

function ofText(analysis: Analysis, leaves: Leaves, element: XmlElement): Diagnostic[] {
  const { schema, matcher } = analysis;
  const contents = leaves.met(element, matcher).map((leaf) => schema.content(leaf));
  const isName = element.key === 'name' && element.parent?.parent === undefined;
  if (!isName && contents.some(takesAnyText)) return [];
  const textual = contents.filter((content) => textualLeaves(content).length > 0);
  const reason = isName ? keeps() : reasonFor(textual);
  // A serial number may be padded on purpose, a path hardly.
  const isFree = reason === keeps() && !isName && !textOf(element).trim().startsWith('/');
  return reason === undefined || isFree ? [] : [aroundText(element, 'warning', reason)];
}

const refuses = () => t('The schema allows that, and libvirt refuses it.');
const mayRefuse = () => t('The schema allows that, and libvirt may refuse it.');
const keeps = () => t('It would become a part of the value.');

/** Why that matters; undefined when nobody knows what the value is. */
function reasonFor(contents: readonly Pattern[]): string | undefined {
  if (contents.length === 0) return undefined;
  const all = contents.flatMap(textualLeaves);
  if (contents.some(takesAnyText) || all.some((leaf) => leaf.kind === 'list')) return keeps();
  if (all.length === 0) return undefined;
  const data = all.filter((leaf) => leaf.kind === 'data');
  if (data.length > 0 && data.every(({ type }) => keepsSpace(type.name))) return keeps();
  return all.every(({ kind }) => kind === 'value') ? refuses() : mayRefuse();
}

/** White space around the value of an attribute. */
export function aroundValue(
  element: XmlElement,
  attribute: XmlAttribute,
  severity: 'error' | 'warning',
  reason?: string,
): Diagnostic {
  const value = attribute.value.trim();
  const sentence = t(
    'The value of “{0}” of {1} has white space around it.',
    attribute.name,
    tagged(element.name),
  );
  return {
    code: 'white-space',
    severity,
    ...valueRange(attribute),
    message: reason === undefined ? sentence : `${sentence} ${reason}`,
    element,
    attribute,
    expected: [value],
    suggestions: [value],
  };
}

/** White space around the text of an element. */
export function aroundText(element: XmlElement, severity: 'error' | 'warning', reason?: string): Diagnostic {
  const value = textOf(element).trim();
  const sentence = t('The value of {0} has white space around it.', tagged(element.name));
  return {
    code: 'white-space',
    severity,
    ...contentRange(element),
    message: reason === undefined ? sentence : `${sentence} ${reason}`,
    element,
    expected: [value],
    suggestions: [value],
  };
}
