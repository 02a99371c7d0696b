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

/** Around a name in our own sentences, which keep a name that is written from right to left from turning them around. */
const OURS = new Set(['\n', '\t', '\u2068', '\u2069', '\u200b']);

/** The same for our own sentences with what others say in them: marks that we put around names stay. */
export function visibleSentence(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(TREACHEROUS, (character) => (OURS.has(character) ? character : escape(character)));
}

function escape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return `\\u{${hex}}`;
}

/** Colours, titles and whatever else a terminal would take for a command, from their beginning to their end. */
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- that is what they are made of
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-OQ-WYZ\\`-~])/gu;

/**
 * What a program in a guest wrote for a terminal, as text for a log: colours are left out, each state of a line that
 * was written over is a line of its own, and nothing is left that a terminal would act upon.
 */
export function visibleOutput(text: string): string {
  return visibleLines(text.replaceAll(SEQUENCE, '').replaceAll(/\r+\n?/gu, '\n'));
}

/** For the clipboard, from where it may go into a terminal: all but line ends, tabs and what people can read is gone. */
export function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is the point
  return text.replaceAll('\r\n', '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, '');
}
