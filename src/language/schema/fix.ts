import { t } from '@vscode/l10n';
import {
  indentAt,
  insertChild,
  isAlone,
  removeAttribute,
  removeElement,
  renameElement,
  setAttribute,
  type TextEdit,
} from '../xml/edit.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { bestFirst, errorsAfter, mayTry } from './best-first.ts';
import { Context } from './context.ts';
import { declarations, renamed } from './namespace-fix.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { ElementPattern } from './pattern.ts';
import { attributeSlot, firstValueSlot, makeSkeleton, writeSkeleton } from './skeleton.ts';
import { valueFixes } from './value-fix.ts';
import { moveIntoNew, outdented } from './move-fix.ts';
import { syntaxFixes } from './syntax-fix.ts';
import { leafName, tagged } from './wording.ts';
import { shortName } from '../xml/short-name.ts';

const MAX_PLACES = 40;

/** What could be done about a diagnostic, the likeliest first; nothing when only a person knows. */
export function fixesFor(analysis: Analysis, diagnostic: Diagnostic): Fix[] {
  const { text } = analysis.document;
  const { element, attribute, suggestions } = diagnostic;
  if (diagnostic.code === 'unbound-prefix') return declarations(analysis, diagnostic);
  if (element === undefined) return syntaxFixes(text, diagnostic);
  switch (diagnostic.code) {
    case 'misplaced-element':
    case 'unexpected-element':
    case 'repeated-element':
      return [
        ...(diagnostic.made === undefined ? moveFixes : moveIntoNew)(analysis, diagnostic, element),
        ...unwrapFixes(text, diagnostic, element),
        ...bestFirst(
          analysis,
          suggestions.map((name, index) =>
            fix(t('Rename to {0}', tagged(name)), renamed(analysis, element, name), index === 0),
          ),
        ),
        fix(
          t('Remove {0}', tagged(element.name)),
          [removeElement(text, element)],
          suggestions.length === 0 && diagnostic.home === undefined && diagnostic.inner === undefined,
        ),
      ];
    case 'unknown-root':
      return (
        suggestions.length > 0 || diagnostic.expected.length > 1 ? suggestions : diagnostic.expected
      ).map((name, index) =>
        fix(t('Rename to {0}', tagged(name)), renameElement(element, name), index === 0),
      );
    case 'unexpected-attribute':
      if (attribute === undefined) return [];
      return [
        ...suggestions.map((name, index) =>
          fix(
            t('Rename to “{0}”', name),
            [{ start: attribute.start, end: attribute.nameEnd, text: name }],
            index === 0,
          ),
        ),
        fix(
          t('Remove “{0}”', shortName(attribute.name)),
          [removeAttribute(text, attribute)],
          suggestions.length === 0,
        ),
      ];
    case 'unexpected-text':
      return [fix(t('Remove the text'), [{ start: diagnostic.start, end: diagnostic.end, text: '' }], true)];
    case 'bad-value':
    case 'unknown-namespace':
    case 'white-space':
    case 'missing-value':
      return valueFixes(analysis, diagnostic, element);
    case 'missing-attribute':
    case 'missing-element':
      return missingFixes(analysis, diagnostic, element);
    case 'element-order':
      return orderFixes(text, element);
    default:
      return syntaxFixes(text, diagnostic);
  }
}

function fix(title: string, edits: readonly TextEdit[], preferred: boolean): Fix {
  return { title, edits, preferred };
}

function missingFixes(analysis: Analysis, diagnostic: Diagnostic, element: XmlElement): Fix[] {
  const { missing } = diagnostic;
  if (missing === undefined) return [];
  const name = leafName(missing, element);
  if (missing.kind === 'attribute') {
    const { schema } = analysis;
    const leaves = Context.of(analysis, element).likely;
    const { values } = attributeSlot(missing, schema.pool.choice(leaves.map((leaf) => schema.content(leaf))));
    return [fix(t('Add the attribute “{0}”', name), [setAttribute(element, name, values[0] ?? '')], true)];
  }
  return [fix(t('Add {0}', tagged(name)), insertMissing(analysis, element, missing), true)];
}

function insertMissing(analysis: Analysis, element: XmlElement, leaf: ElementPattern): readonly TextEdit[] {
  const { document, schema } = analysis;
  const child = writeSkeleton(makeSkeleton(schema, leaf, element), firstValueSlot);
  const places = placesAmong(childElements(element)).map((before) => [
    insertChild(document.text, element, child, { before }),
  ]);
  return firstBest(analysis, [[insertChild(document.text, element, child)], ...places]);
}

/**
 * Moves a misplaced element to where it belongs. An element inside one of its own kind replaces the outer one.
 */
function moveFixes(analysis: Analysis, { home }: Diagnostic, element: XmlElement): Fix[] {
  const { text } = analysis.document;
  if (home === undefined) return [];
  const written = outdented(text, element);
  if (home.key === element.key && home === element.parent)
    return [
      fix(
        t('Keep only the inner {0}', tagged(element.name)),
        [{ start: home.start, end: home.end, text: text.slice(element.start, element.end) }],
        true,
      ),
    ];
  const removal = removeElement(text, element);
  const others = childElements(home).filter((child) => child !== element);
  const insertions = [
    insertChild(text, home, written),
    ...placesAmong(others).map((before) => insertChild(text, home, written, { before })),
  ];
  const moves = insertions
    .filter(({ start, end }) => end <= removal.start || start >= removal.end)
    .map((insertion) => [insertion, removal]);
  const edits = firstBest(analysis, moves);
  if (edits.length === 0) return [];
  const title =
    home === element.parent
      ? t('Move {0} to its place', tagged(element.name))
      : t('Move {0} into {1}', tagged(element.name), tagged(home.name));
  return [fix(title, edits, true)];
}

function unwrapFixes(text: string, { inner }: Diagnostic, element: XmlElement): Fix[] {
  const { endTag } = element;
  if (inner === undefined || endTag === undefined) return [];
  const written = text.slice(element.startTagEnd, endTag.start).trim();
  const edit = { start: element.start, end: element.end, text: written };
  return [fix(t('Remove {0} around {1}', tagged(element.name), tagged(inner.name)), [edit], true)];
}

/** Before which of them something is tried: trying is dear in long elements, where order rarely matters. */
function placesAmong(siblings: readonly XmlElement[]): readonly XmlElement[] {
  return siblings.length < MAX_PLACES ? siblings : [];
}

/** Of some ways to change the text, the first that leaves the fewest errors; simply the first where that is too dear. */
function firstBest(analysis: Analysis, ways: readonly (readonly TextEdit[])[]): readonly TextEdit[] {
  const [first = []] = ways;
  if (ways.length < 2 || !mayTry(analysis, ways.length)) return first;
  let best = { edits: first, errors: Number.POSITIVE_INFINITY };
  for (const edits of ways) {
    const errors = errorsAfter(analysis, edits);
    if (errors < best.errors) best = { edits, errors };
  }
  return best.edits;
}

function orderFixes(text: string, element: XmlElement): Fix[] {
  const name = element.parent?.children.find((node) => node.kind === 'element' && node.key === 'name');
  if (name?.kind !== 'element') return [];
  const written = text.slice(element.start, element.end);
  const indent = isAlone(text, name.start) ? indentAt(text, name.start) : '';
  const insert = {
    start: name.end,
    end: name.end,
    text: `\n${indent}${written}`,
  };
  return [
    fix(t('Move {0} after <name>', tagged(element.name)), [insert, removeElement(text, element)], true),
  ];
}
