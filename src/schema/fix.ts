import {
  insertChild,
  removeAttribute,
  removeElement,
  renameElement,
  setAttribute,
  setContent,
  type TextEdit,
} from '../xml/edit.ts';
import { encodeAttribute, encodeText } from '../xml/entities.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { Context } from './context.ts';
import type { Diagnostic } from './diagnostic.ts';
import { validate } from './validate.ts';
import { applyEdits } from '../xml/edit.ts';
import { parseDocument } from '../xml/parse.ts';
import type { ElementPattern } from './pattern.ts';
import { attributeSlot, firstValueSlot, makeSkeleton, writeSkeleton } from './skeleton.ts';
import { leafName, quoted, tagged } from './wording.ts';

/** A change that puts something right. */
export interface Fix {
  /** What it does, as a command: “Rename to <source>”. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether it is most likely what is wanted. */
  readonly preferred: boolean;
}

const MAX_VALUES = 8;

/** What could be done about a diagnostic, the likeliest first; nothing when only a person knows. */
export function fixesFor(analysis: Analysis, diagnostic: Diagnostic): Fix[] {
  const { text } = analysis.document;
  const { element, attribute, suggestions } = diagnostic;
  if (element === undefined) return [];
  switch (diagnostic.code) {
    case 'unexpected-element':
    case 'repeated-element':
    case 'misplaced-element':
      return [
        ...suggestions.map((name, index) =>
          fix(`Rename to ${tagged(name)}`, renameElement(element, name), index === 0),
        ),
        fix(`Remove ${tagged(element.name)}`, [removeElement(text, element)], suggestions.length === 0),
      ];
    case 'unknown-root':
      return suggestions.map((name, index) =>
        fix(`Rename to ${tagged(name)}`, renameElement(element, name), index === 0),
      );
    case 'unexpected-attribute':
      if (attribute === undefined) return [];
      return [
        ...suggestions.map((name, index) =>
          fix(
            `Rename to ${quoted(name)}`,
            [{ start: attribute.start, end: attribute.nameEnd, text: name }],
            index === 0,
          ),
        ),
        fix(`Remove ${quoted(attribute.name)}`, [removeAttribute(text, attribute)], suggestions.length === 0),
      ];
    case 'unexpected-text':
      return [fix('Remove the text', [{ start: diagnostic.start, end: diagnostic.end, text: '' }], true)];
    case 'bad-value':
    case 'missing-value':
      return valueFixes(analysis, diagnostic, element);
    case 'missing-attribute':
    case 'missing-element':
      return missingFixes(analysis, diagnostic, element);
    case 'element-order':
      return orderFixes(text, element);
    default:
      return syntaxFixes(diagnostic, element);
  }
}

function fix(title: string, edits: readonly TextEdit[], preferred: boolean): Fix {
  return { title, edits, preferred };
}

function valueFixes({ document }: Analysis, diagnostic: Diagnostic, element: XmlElement): Fix[] {
  const { attribute, suggestions } = diagnostic;
  const values = [...new Set([...suggestions, ...diagnostic.expected])].slice(0, MAX_VALUES);
  return values.map((value) => {
    const isSure = value === suggestions[0] || values.length === 1;
    const title = `Replace by ${quoted(value)}`;
    if (attribute !== undefined) {
      const quote = attribute.quote === '"' ? '"' : "'";
      if (attribute.quote !== '')
        return fix(
          title,
          [{ start: attribute.valueStart, end: attribute.valueEnd, text: encodeAttribute(value, quote) }],
          isSure,
        );
      return fix(title, [setAttribute(element, attribute.name, value)], isSure);
    }
    return fix(title, [setContent(document.text, element, encodeText(value))], isSure);
  });
}

function missingFixes(analysis: Analysis, diagnostic: Diagnostic, element: XmlElement): Fix[] {
  const { missing } = diagnostic;
  if (missing === undefined) return [];
  const name = leafName(missing, element);
  if (missing.kind === 'attribute') {
    const { schema } = analysis;
    const leaves = Context.of(analysis, element).likely;
    const { values } = attributeSlot(missing, schema.pool.choice(leaves.map((leaf) => schema.content(leaf))));
    return [fix(`Add the attribute ${quoted(name)}`, [setAttribute(element, name, values[0] ?? '')], true)];
  }
  return [fix(`Add ${tagged(name)}`, [insertMissing(analysis, element, missing)], true)];
}

/** Puts a missing child where the schema wants it: the first place at which nothing new is wrong. */
function insertMissing(analysis: Analysis, element: XmlElement, leaf: ElementPattern): TextEdit {
  const { document, schema } = analysis;
  const child = writeSkeleton(makeSkeleton(schema, leaf, element), firstValueSlot);
  const last = insertChild(document.text, element, child);
  const places = [
    last,
    ...childElements(element).map((before) => insertChild(document.text, element, child, { before })),
  ];
  // Trying is dear in long elements, where order rarely matters.
  if (places.length > 40) return last;
  let best = { edit: last, errors: Number.POSITIVE_INFINITY };
  for (const edit of places) {
    const errors = validate(parseDocument(applyEdits(document.text, [edit])), schema).length;
    if (errors < best.errors) best = { edit, errors };
  }
  return best.edit;
}

function orderFixes(text: string, element: XmlElement): Fix[] {
  const name = element.parent?.children.find((node) => node.kind === 'element' && node.key === 'name');
  if (name?.kind !== 'element') return [];
  const written = text.slice(element.start, element.end);
  const indent = text.slice(text.lastIndexOf('\n', name.start - 1) + 1, name.start);
  const insert = {
    start: name.end,
    end: name.end,
    text: `\n${indent.trim() === '' ? indent : ''}${written}`,
  };
  return [fix(`Move ${tagged(element.name)} behind <name>`, [insert, removeElement(text, element)], true)];
}

function syntaxFixes(diagnostic: Diagnostic, element: XmlElement): Fix[] {
  if (diagnostic.code === 'unclosed-element') {
    const edit = { start: element.end, end: element.end, text: `</${element.name}>` };
    return [fix(`Close ${tagged(element.name)}`, [edit], true)];
  }
  const { endTag } = element;
  if (diagnostic.code === 'mismatched-end-tag' && endTag !== undefined)
    return [
      fix(
        `Change to </${element.name}>`,
        [{ start: endTag.nameStart, end: endTag.nameEnd, text: element.name }],
        true,
      ),
    ];
  return [];
}
