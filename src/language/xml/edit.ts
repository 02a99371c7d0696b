import { encodeAttribute } from './entities.ts';
import { attributeOf, type TextRange, type XmlElement } from './tree.ts';

/** Replaces what is in a range by a text; with `start` and `end` the same it inserts. */
export interface TextEdit extends TextRange {
  readonly text: string;
}

/** Applies edits that do not overlap. Edits at the same place are applied in their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    // not for people: a fault of the program
    if (edit.start < at) throw new RangeError('Two edits overlap');
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Gives an element another name, in both of its tags. */
export function renameElement(element: XmlElement, name: string): TextEdit[] {
  const edits = [{ start: element.nameStart, end: element.nameEnd, text: name }];
  const { endTag } = element;
  if (endTag !== undefined) edits.push({ start: endTag.nameStart, end: endTag.nameEnd, text: name });
  return edits;
}

/** Takes an element out, with its line when nothing else is on it. */
export function removeElement(text: string, element: XmlElement): TextEdit {
  const range = wholeLines(text, element);
  return { ...range, text: '' };
}

/** Takes an attribute out, with the white space before it. */
export function removeAttribute(text: string, attribute: TextRange): TextEdit {
  let { start } = attribute;
  while (start > 0 && /\s/.test(text[start - 1] ?? '')) start -= 1;
  return { start, end: attribute.end, text: '' };
}

/** Gives an attribute a value, and adds it behind the others when it is not there yet. */
export function setAttribute(element: XmlElement, name: string, value: string): TextEdit {
  const attribute = attributeOf(element, name) ?? element.attributes.find((each) => each.name === name);
  const quote = attribute?.quote === '"' ? '"' : "'";
  if (attribute !== undefined && attribute.quote !== '')
    return { start: attribute.valueStart, end: attribute.valueEnd, text: encodeAttribute(value, quote) };
  const written = `${name}=${quote}${encodeAttribute(value, quote)}${quote}`;
  if (attribute !== undefined) return { start: attribute.start, end: attribute.end, text: written };
  const at = element.attributes.at(-1)?.end ?? element.nameEnd;
  return { start: at, end: at, text: ` ${written}` };
}

/** Replaces all that is between an element's tags. */
export function setContent(text: string, element: XmlElement, content: string): TextEdit {
  const { endTag } = element;
  if (endTag !== undefined) return { start: element.startTagEnd, end: endTag.start, text: content };
  const open = text.slice(element.start, element.startTagEnd).replace(/\s*\/?>?$/, '');
  return { start: element.start, end: element.startTagEnd, text: `${open}>${content}</${element.name}>` };
}

/**
 * Puts a child (one or more lines, not indented) into an element: before one of its children, or behind the last.
 * It gets a line of its own unless the element is all on one line with text.
 */
export function insertChild(
  text: string,
  element: XmlElement,
  child: string,
  options: { readonly before?: XmlElement | undefined; readonly unit?: string } = {},
): TextEdit {
  const unit = options.unit ?? '  ';
  const outer = indentAt(text, element.start);
  const { before } = options;
  if (before !== undefined) {
    const indent = indentAt(text, before.start);
    return { start: before.start, end: before.start, text: `${indented(child, indent, true)}\n${indent}` };
  }
  const last = element.children.findLast((node) => node.kind !== 'text');
  if (last !== undefined) {
    const indent = isAlone(text, last.start) ? indentAt(text, last.start) : outer + unit;
    return { start: last.end, end: last.end, text: `\n${indented(child, indent)}` };
  }
  const content = `\n${indented(child, outer + unit)}\n${outer}`;
  return setContent(text, element, content);
}

/** A line that is longer than this is not indented: looking for its start again and again would take long. */
const LINE_MAX = 10_000;

/** The white space at the start of the line that an offset is on, up to the offset. */
export function indentAt(text: string, offset: number): string {
  const from = Math.max(0, offset - LINE_MAX);
  const before = text.slice(from, offset);
  const start = before.lastIndexOf('\n') + 1;
  if (start === 0 && from > 0) return '';
  let end = start;
  while (before[end] === ' ' || before[end] === '\t') end += 1;
  return before.slice(start, end);
}

function indented(lines: string, indent: string, butFirst = false): string {
  return lines
    .split('\n')
    .map((line, index) => (line === '' || (butFirst && index === 0) ? line : indent + line))
    .join('\n');
}

/** Whether nothing but white space is before an offset on its line. */
export function isAlone(text: string, offset: number): boolean {
  const from = Math.max(0, offset - LINE_MAX);
  const before = text.slice(from, offset);
  const start = before.lastIndexOf('\n') + 1;
  return (start > 0 || from === 0) && before.slice(start).trim() === '';
}

/** With the line that something is alone on; otherwise as it is. */
function wholeLines(text: string, { start, end }: TextRange): TextRange {
  const behind = text.slice(end, end + LINE_MAX);
  const lineEnd = behind.indexOf('\n');
  if (lineEnd === -1 || behind.slice(0, lineEnd).trim() !== '' || !isAlone(text, start))
    return { start, end };
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: end + lineEnd + 1 };
}
