import { attributeOf, textOf, type TextRange, type XmlAttribute, type XmlElement } from '../xml/tree.ts';

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  kb: 1e3,
  k: 1024,
  kib: 1024,
  mb: 1e6,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  gb: 1e9,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  tb: 1e12,
  t: 1024 ** 4,
  tib: 1024 ** 4,
};

/** The memory that an element names with its text and unit, in KiB; undefined when that is no amount. */
export function kibOf(element: XmlElement): number | undefined {
  const factor = BYTES[(attributeOf(element, 'unit')?.value ?? 'KiB').toLowerCase()];
  const text = textOf(element).trim();
  return factor === undefined || !/^\d+$/.test(text) ? undefined : (Number(text) * factor) / 1024;
}

/** What is between the quotes, or the whole attribute when there is nothing. */
export function valueRange({ start, end, valueStart, valueEnd }: XmlAttribute): TextRange {
  return valueEnd > valueStart ? { start: valueStart, end: valueEnd } : { start, end };
}

/** The name in an element's start tag. */
export function nameRange({ nameStart, nameEnd }: XmlElement): TextRange {
  return { start: nameStart, end: nameEnd };
}

/** What is between an element's tags; all of it when it has no end tag. */
export function contentRange({ startTagEnd, endTag, start, end }: XmlElement): TextRange {
  return endTag === undefined ? { start, end } : { start: startTagEnd, end: endTag.start };
}
