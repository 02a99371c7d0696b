import { parseDocument } from '../../../language/xml/parse.ts';
import type { XmlDocument } from '../../../language/xml/tree.ts';
import type { WrittenTags } from './written-tags.ts';

/** Characters of a text, from `start` up to `end`, and what belongs in their place. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The end tag that should follow what was typed up to an offset, which is `>` or `</`; undefined when none should.
 * Where `</` is typed before an end tag that was written by itself, that one is what was meant.
 */
export function closingTagAt(
  document: XmlDocument,
  offset: number,
  written: WrittenTags,
): Replacement | undefined {
  const { text } = document;
  if (text[offset - 1] === '>') {
    const name = opened(document, offset);
    return name === undefined ? undefined : { start: offset, end: offset, text: `</${name}>` };
  }
  if (!text.startsWith('</', offset - 2)) return undefined;
  // What follows on the line is already a name or the rest of an end tag.
  if (/^[\w:.-]*\s*>/.test(text.slice(offset, offset + 100))) return undefined;
  const around = document.elements.findLast(
    (element) =>
      element.startTagEnd <= offset - 2 &&
      !element.selfClosing &&
      (element.endTag === undefined || element.endTag.start >= offset - 2),
  );
  if (around === undefined || around.name === '') return undefined;
  const ours = written.after(text, offset);
  const isMeant = ours !== undefined && ours.start === around.endTag?.start;
  if (!isMeant && !lacksEnd(document, around.index)) return undefined;
  return { start: offset, end: isMeant ? ours.end : offset, text: `${around.name}>` };
}

/**
 * What is there twice when a person has typed an end tag up to its `>` at an offset, beside one that was written by
 * itself; undefined when nothing is.
 */
export function doubledAt(text: string, offset: number, written: WrittenTags): Replacement | undefined {
  const name = /(?:<\/|>)([^\s<>/'"=]+)\s*>$/u.exec(text.slice(Math.max(0, offset - NAME_MAX), offset))?.[1];
  if (name === undefined) return undefined;
  // It was completed from `</` on, and then typed as well.
  const again = text.lastIndexOf(name, offset - 1);
  if (written.endsAt(text, again, name)) return { start: again, end: offset, text: '' };
  const next = written.next(text, offset, name);
  if (next === undefined) return undefined;
  // Whoever types quickly is further by now: what stands between stays, but for the white space before the tag.
  const start = text.slice(offset, next.start).trimEnd().length + offset;
  const without = text.slice(0, start) + text.slice(next.end);
  // With several elements of one name, the one that follows may be another's.
  return problems(without) < problems(text) ? { start, end: next.end, text: '' } : undefined;
}

/** How far back the beginning of an end tag is looked for, in characters. */
const NAME_MAX = 200;

function problems(text: string): number {
  return parseDocument(text).problems.length;
}

/** The name of an element that needs an end tag, whose start tag ends at an offset. */
function opened(document: XmlDocument, offset: number): string | undefined {
  const element = document.elements.find(
    ({ startTagEnd, startTagClosed }) => startTagClosed && startTagEnd === offset,
  );
  if (element === undefined || element.selfClosing || element.name === '') return undefined;
  return lacksEnd(document, element.index) ? element.name : undefined;
}

/** Whether an end tag is missing: of the element, or of one around it with the same name whose end tag it took. */
function lacksEnd(document: XmlDocument, index: number): boolean {
  const element = document.elements[index];
  for (let at = element; at !== undefined; at = at.parent)
    if (at.name === element?.name && at.endTag === undefined && !at.selfClosing) return true;
  return false;
}
