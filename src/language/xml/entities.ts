import { isXmlCharacter } from './characters.ts';

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const REFERENCE = /&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|([^\s&;<>"'#]+));|&/g;

/** What is wrong with a reference: not one at all, one that names no character, or an entity of a DTD. */
export interface BadReference {
  /** Where it starts, counted from the start of the text that was decoded. */
  readonly index: number;
  readonly length: number;
  /** The entity's name; undefined when the `&` starts nothing, or a number that is no character. */
  readonly name: string | undefined;
}

/**
 * Replaces references to characters and to XML's own five entities. What is none of them stays as it is and is
 * told to `bad`; entities of a DTD are never expanded.
 */
export function decode(text: string, bad?: (reference: BadReference) => void): string {
  if (!text.includes('&')) return text;
  return text.replace(
    REFERENCE,
    (all: string, decimal?: string, hex?: string, name?: string, index: number = 0) => {
      if (name !== undefined) {
        const known = NAMED.get(name);
        if (known !== undefined) return known;
      } else if (decimal !== undefined || hex !== undefined) {
        const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
        if (isXmlCharacter(code)) return String.fromCodePoint(code);
      }
      bad?.({ index, length: all.length, name });
      return all;
    },
  );
}

/**
 * Finds offsets of a text whose line ends were shortened in the text as it is written. They are to be asked for in
 * rising order: all of them together look through the text once.
 */
export function writtenOffsets(written: string): (offset: number) => number {
  let shortened = 0;
  let at = written.indexOf('\r\n');
  return (offset) => {
    for (; at !== -1 && at < offset + shortened; at = written.indexOf('\r\n', at + 2)) shortened += 1;
    return offset + shortened;
  };
}

/** Line ends as XML reads them: each of CR LF and CR is one LF. */
export function normaliseLines(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** White space in an attribute's value is read as spaces, unless it was written as a reference. */
export function normaliseValue(text: string): string {
  return /[\t\n\r]/.test(text) ? text.replaceAll(/\r\n|[\t\n\r]/g, ' ') : text;
}

/** Text for the content of an element. */
export function encodeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text for an attribute's value between quotes of that kind. */
export function encodeAttribute(text: string, quote: '"' | "'"): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}
