import { t } from '@vscode/l10n';
import { indentAt, insertChild, isAlone, removeElement, type TextEdit } from '../xml/edit.ts';
import { encodeAttribute } from '../xml/entities.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { errorsAfter, mayTry } from './best-first.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { ElementPattern } from './pattern.ts';
import type { Schema } from './schema.ts';
import { firstValueSlot, makeSkeleton, writeSkeleton } from './skeleton.ts';
import { leafName, tagged } from './wording.ts';

/** What libvirt takes when the element is not there: one that is made only to hold another changes nothing. */
const NEUTRAL: ReadonlyMap<string, string> = new Map([['clock@offset', 'utc']]);

/** Moves an element into elements that are made for it. */
export function moveIntoNew(analysis: Analysis, { home, made }: Diagnostic, element: XmlElement): Fix[] {
  const { text } = analysis.document;
  const inner = made?.at(-1);
  if (home === undefined || made === undefined || inner === undefined) return [];
  const wrapped = made.reduceRight(
    (content, leaf) => wrap(analysis.schema, leaf, home, content),
    outdented(text, element),
  );
  const edits =
    home === element.parent ? [inPlace(text, element, wrapped)] : moved(text, element, home, wrapped);
  if (!isBetter(analysis, edits)) return [];
  const title = t('Move {0} into a new {1}', tagged(element.name), tagged(leafName(inner, home)));
  return [{ title, edits, preferred: true }];
}

function moved(text: string, element: XmlElement, home: XmlElement, written: string): TextEdit[] {
  const removal = removeElement(text, element);
  const after = insertChild(text, home, written);
  const isClear = after.end <= removal.start || after.start >= removal.end;
  const before = childElements(home).find(
    (child) => child.end <= removal.start || child.start >= removal.end,
  );
  return [isClear || before === undefined ? after : insertChild(text, home, written, { before }), removal];
}

function inPlace(text: string, { start, end }: XmlElement, written: string): TextEdit {
  return { start, end, text: written.replaceAll('\n', `\n${indentAt(text, start)}`) };
}

/** The least that an element of a pattern needs, around some content of one or more lines. */
function wrap(schema: Schema, leaf: ElementPattern, near: XmlElement, content: string): string {
  const { name, attributes, children } = makeSkeleton(schema, leaf, near);
  const own = attributes
    .map((each) => {
      const value = NEUTRAL.get(`${name}@${each.name}`) ?? each.value.values[0] ?? '';
      return ` ${each.name}='${encodeAttribute(value, "'")}'`;
    })
    .join('');
  const [held = ''] = /^<[^\s/>]+/.exec(content) ?? [];
  const others = children
    .filter((child) => `<${child.name}` !== held)
    .map((child) => writeSkeleton(child, firstValueSlot));
  const lines = [...others, content].join('\n').replaceAll('\n', '\n  ');
  return `<${name}${own}>\n  ${lines}\n</${name}>`;
}

/** Whether fewer errors are left; taken for granted where looking would be too dear. */
function isBetter(analysis: Analysis, edits: readonly TextEdit[]): boolean {
  return !mayTry(analysis, 2) || errorsAfter(analysis, edits) < errorsAfter(analysis, []);
}

/** An element's text as it would be at the start of a line. */
export function outdented(text: string, element: XmlElement): string {
  const indent = isAlone(text, element.start) ? indentAt(text, element.start) : '';
  const written = text.slice(element.start, element.end);
  return indent === '' ? written : written.replaceAll(`\n${indent}`, '\n');
}
