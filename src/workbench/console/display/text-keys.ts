import type { KeyStroke } from '../../../webview/display/messages.ts';
import { KEY } from './keys.ts';

/** Where characters are on an American keyboard, without and with Shift. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  Space: '  ',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
};
const SHIFTED_DIGITS = ')!@#$%^&*(';

const CHARACTERS = new Map<string, readonly [code: string, shifted: boolean]>();
for (const [code, [plain = '', shifted = '']] of Object.entries(PUNCTUATION))
  CHARACTERS.set(shifted, [code, true]).set(plain, [code, false]);
for (const [digit, shifted] of Array.from(SHIFTED_DIGITS).entries())
  CHARACTERS.set(shifted, [`Digit${digit}`, true]).set(String(digit), [`Digit${digit}`, false]);
for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
  const code = `Key${letter.toUpperCase()}`;
  CHARACTERS.set(letter.toUpperCase(), [code, true]).set(letter, [code, false]);
}

/**
 * The keys that type a text, a chord for each character, as on an American keyboard: a guest with another layout
 * reads others. Characters that are not on it are left to the server, by name.
 */
export function keysFor(text: string): readonly (readonly KeyStroke[])[] {
  return Array.from(text.replaceAll('\r\n', '\n'), chordFor);
}

function chordFor(character: string): readonly KeyStroke[] {
  if (character === '\n' || character === '\r') return [KEY.return];
  if (character === '\t') return [KEY.tab];
  const key = CHARACTERS.get(character);
  const stroke = { keysym: keysymOf(character), code: key?.[0] ?? '' };
  return key?.[1] === true ? [KEY.shift, stroke] : [stroke];
}

/** Latin-1 is its own keysym; the rest of Unicode is marked as such. */
function keysymOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x1_00 ? code : 0x1_00_00_00 + code;
}
