/**
 * Characters that change how the text around them looks, or what a terminal does: controls, bidi overrides, invisible
 * ones. The one that joins two pictures into an emoji is none of them, there.
 */
const TREACHEROUS =
  /(?!(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What a daemon, guest or file says, as one line to show in a tree, a terminal or a sentence: nothing invisible stays
 * invisible. Not for use in a call.
 */
export function visible(text: string): string {
  return text.replaceAll(TREACHEROUS, escape);
}

/** The same for text of several lines, which may have tabs. */
export function visibleLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(TREACHEROUS, (character) =>
      character === '\n' || character === '\t' ? character : escape(character),
    );
}

function escape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return `\\u{${hex}}`;
}
