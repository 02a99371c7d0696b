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
