import type { XmlDocument } from '../../../language/xml/tree.ts';

/**
 * The name of the end tag that should follow what was typed up to an offset, which is `>` or `</`; undefined when
 * none should.
 */
export function closingTagAt(document: XmlDocument, offset: number): string | undefined {
  const { text } = document;
  if (text[offset - 1] === '>') {
    const element = document.elements.find(
      ({ startTagEnd, startTagClosed }) => startTagClosed && startTagEnd === offset,
    );
    if (element === undefined || element.selfClosing || element.name === '') return undefined;
    return lacksEnd(document, element.index) ? element.name : undefined;
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
  return around === undefined || around.name === '' ? undefined : around.name;
}

/** Whether an end tag is missing: of the element, or of one around it with the same name whose end tag it took. */
function lacksEnd(document: XmlDocument, index: number): boolean {
  const element = document.elements[index];
  for (let at = element; at !== undefined; at = at.parent)
    if (at.name === element?.name && at.endTag === undefined && !at.selfClosing) return true;
  return false;
}
