/** Of a file that begins without a mark, by its first character `<`. */
const UNMARKED: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0x00], 'utf-16le'],
  [[0x00, 0x3c], 'utf-16be'],
];
/** The declaration stands in the first bytes. */
const DECLARATION_BYTES = 200;

/** The text of an XML file, by its byte order mark, its first character or its declaration; UTF-8 otherwise. */
export function decodeXml(bytes: Buffer): string {
  const wide = UNMARKED.find(([start]) => start.every((byte, index) => bytes[index] === byte))?.[1];
  return decodeAs(wide ?? declared(bytes) ?? 'utf-8', bytes);
}

function declared(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, DECLARATION_BYTES);
  const [, encoding] =
    /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/u.exec(start) ?? [];
  // Whoever could read as far as that needs no two bytes for a character.
  return encoding === undefined || /^utf-?(?:16|32)/iu.test(encoding) ? undefined : encoding;
}

function decodeAs(label: string, bytes: Buffer): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    // Nobody knows that encoding: names of ASCII come out right all the same.
    return new TextDecoder().decode(bytes);
  }
}

/** A character of UTF-8, of one byte or more. */
const CHARACTER =
  // oxlint-disable-next-line no-control-regex -- they are bytes
  /[\u0000-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}|[^]/gu;

/**
 * What a program of another machine printed: UTF-8, or UTF-16 with its mark. A byte that is neither, as in the code pages
 * of Windows, is kept as `\xE4`: it is not known which letter it was.
 */
export function decodeOutput(bytes: Buffer): string {
  const wide = UNMARKED.slice(0, 2).find(([start]) =>
    start.every((byte, index) => bytes[index] === byte),
  )?.[1];
  if (wide !== undefined) return decodeAs(wide, bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1').replaceAll(CHARACTER, (character) => {
      const decoded = Buffer.from(character, 'latin1').toString('utf8');
      if (!decoded.includes('\ufffd')) return decoded;
      return Array.from(character, (each) => byteText(each.codePointAt(0) ?? 0)).join('');
    });
  }
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCodePoint(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
