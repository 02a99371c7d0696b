/** XML's white space: space, tab, line feed, carriage return. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

// One bit says that a name may start with it, the other that it may stand further on.
const START = 1;
const PART = 2;
const ASCII = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const text = String.fromCharCode(code);
  if (/[A-Za-z_:]/.test(text)) ASCII[code] = START | PART;
  else if (/[-.0-9]/.test(text)) ASCII[code] = PART;
}

/** Whether a name may start with this UTF-16 unit. Halves of a surrogate pair count as letters. */
export function isNameStart(code: number): boolean {
  if (code < 128) return ((ASCII[code] ?? 0) & START) !== 0;
  return isWideNameStart(code);
}

export function isNamePart(code: number): boolean {
  if (code < 128) return ((ASCII[code] ?? 0) & PART) !== 0;
  return (
    isWideNameStart(code) ||
    code === 0xb7 ||
    (code >= 0x300 && code <= 0x36f) ||
    code === 0x203f ||
    code === 0x2040
  );
}

function isWideNameStart(code: number): boolean {
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return false;
  if (code < 0x300) return true;
  if (code < 0x370 || code === 0x37e) return false;
  if (code < 0x2000) return true;
  return (
    code === 0x200c ||
    code === 0x200d ||
    (code >= 0x2070 && code <= 0x218f) ||
    (code >= 0x2c00 && code <= 0x2fef) ||
    (code >= 0x3001 && code <= 0xdbff) ||
    (code >= 0xdc00 && code <= 0xdfff) ||
    (code >= 0xf900 && code <= 0xfdcf) ||
    (code >= 0xfdf0 && code <= 0xfffd)
  );
}

/** What XML 1.0 does not allow anywhere, escaped or not; each match is one such character. */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Much faster than looking for the real ones, and nearly always enough. */
// oxlint-disable-next-line no-control-regex -- control characters are the point
const SUSPECT = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;

/** Offsets of the characters that XML does not allow, at most `limit` of them. */
export function forbiddenCharacters(text: string, limit: number): number[] {
  const found: number[] = [];
  if (!SUSPECT.test(text)) return found;
  for (const match of text.matchAll(FORBIDDEN)) {
    found.push(match.index);
    if (found.length >= limit) break;
  }
  return found;
}

/** Whether XML allows the character of this code point. */
export function isXmlCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
