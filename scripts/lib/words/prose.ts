/** Stands in a text for what a template puts there. */
export const FILLED = '\u0001';

const WORD = /^[“‘"'(]*\p{L}[\p{L}’'-]+[.,;:!?…”’"')]*$/u;
const ARTICLE = /^[aA]$/;
const NUMBER_OR_FILLED = new RegExp(`^[“‘"'(<]*[\\d${FILLED}][^=]*$`, 'u');
const BEGINNING = /^\p{Lu}\p{Ll}{2,}:? \S/u;
const CAPITALISED = /^\p{Lu}\p{Ll}+(?:…|\.{3})?$/u;
/** Halves of sentences that come in a singular and a plural. */
const GLUE = new Set(['is', 'are', 'was', 'were', 'has', 'have', 'do', 'does']);
const MARKUP = /^\s*<[?!/\w][^]*>\s*$/;
const TAG = /<[^<>]*>/g;
const SHOWN_ATTRIBUTE = /\s(?:title|alt|aria-label|placeholder)="([^"]*)"/g;

/**
 * Whether a text looks like one that a person is to read: two words beside each other, a word beside a value, a
 * word with a capital letter alone or at the start, or a piece that only makes sense inside a sentence (“ and ”, “are”). Of markup
 * only what it shows is looked at.
 */
export function readsLikeProse(text: string): boolean {
  if (MARKUP.test(text)) return shownBy(text).some((part) => /\p{L}{2}/u.test(part));
  if (GLUE.has(text) || CAPITALISED.test(text) || BEGINNING.test(text)) return true;
  const tokens = text.trim().split(/\s+/);
  if (text !== text.trim() && tokens.some((token) => WORD.test(token))) return true;
  return tokens.some((token, index) => {
    if (!WORD.test(token)) return false;
    return [tokens[index - 1], tokens[index + 1]].some(
      (next) => next !== undefined && [WORD, ARTICLE, NUMBER_OR_FILLED].some((kind) => kind.test(next)),
    );
  });
}

/** The texts between tags, and in the attributes that a browser shows. */
function shownBy(markup: string): string[] {
  const attributes = [...markup.matchAll(SHOWN_ATTRIBUTE)].map(([, value = '']) => value);
  return [...markup.replaceAll(TAG, '\n').split('\n'), ...attributes];
}

/** Whether a text has anything to read: what is shown as a label may be one word without a capital. */
export function hasLetters(text: string): boolean {
  return /\p{L}{2}/u.test(text);
}
