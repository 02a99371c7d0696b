import type { TextRange, XmlCdata, XmlElement, XmlText } from '../xml/tree.ts';

/** What is between the quotes of an attribute; all of it when that is nothing. */
export function valueRange(attribute: {
  start: number;
  valueStart: number;
  valueEnd: number;
  end: number;
}): TextRange {
  return attribute.valueEnd > attribute.valueStart
    ? { start: attribute.valueStart, end: attribute.valueEnd }
    : { start: attribute.start, end: attribute.end };
}

/** The text between an element's tags without the white space around it; its name when there is none. */
export function textRange(element: XmlElement): TextRange {
  let range: TextRange | undefined;
  for (const node of element.children) {
    if (node.kind === 'cdata' || (node.kind === 'text' && !node.blank)) {
      const inner = trimmed(node);
      range = { start: range?.start ?? inner.start, end: inner.end };
    }
  }
  return range ?? { start: element.nameStart, end: element.nameEnd };
}

/** Trims by what is decoded, which is as long as what is written unless the white space itself is escaped. */
export function trimmed(text: XmlText | XmlCdata): TextRange {
  if (text.kind === 'cdata') return { start: text.start, end: text.end };
  const lead = text.value.length - text.value.trimStart().length;
  const tail = text.value.length - text.value.trimEnd().length;
  const start = Math.min(text.start + lead, text.end);
  return { start, end: Math.max(text.end - tail, start) };
}

/** All that is between an element's tags; its name when it has no end tag. */
export function contentRange({ startTagEnd, endTag, nameStart, nameEnd }: XmlElement): TextRange {
  return endTag === undefined
    ? { start: nameStart, end: nameEnd }
    : { start: startTagEnd, end: endTag.start };
}
