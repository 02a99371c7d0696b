/** How Windows marks UTF-16. */
const UTF_16LE_MARK = 0xff_fe;
/** A character of UTF-8, of one byte or more. */
const CHARACTER =
  // oxlint-disable-next-line no-control-regex -- they are bytes
  /[\u0000-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}|[^]/gu;

/**
 * What a program in a guest printed: UTF-8, or UTF-16 with its mark. A byte that is neither, as in the code pages of
 * Windows, is kept as `\xE4`: it is not known which letter it was.
 */
export function decodeOutput(bytes: Buffer): string {
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === UTF_16LE_MARK)
    return new TextDecoder('utf-16le').decode(bytes);
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
