import { withoutLinks } from '../../model/text/links.ts';

/**
 * Names come from daemons and files and may hold anything. These functions make them safe to show; none of
 * them is for use in a call.
 */

const SENTENCE_MAX = 80;
/**
 * Characters that change how the text around them looks: controls, bidi overrides, invisible ones. The one that
 * joins two pictures into an emoji is none of them, there.
 */
const TREACHEROUS =
  /(?!(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** For a tree label or any other place that shows plain text: nothing invisible stays invisible. */
export function displayName(name: string): string {
  return name.replaceAll(TREACHEROUS, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return `\\u{${hex}}`;
  });
}

/** What VS Code takes for an icon, and nothing else: a backslash before anything else would be shown. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** For quick picks, where `$(name)` would become an icon. */
export function pickLabel(name: string): string {
  return displayName(name).replaceAll(ICON, String.raw`\$&`);
}

/**
 * For sentences in messages: quoted, shortened, isolated so that right-to-left text cannot turn the sentence
 * around, and with no way to write a link into a notification.
 */
export function quoted(name: string): string {
  const shown = Array.from(displayName(name));
  const short =
    shown.length > SENTENCE_MAX ? `${shown.slice(0, SENTENCE_MAX - 1).join('')}…` : shown.join('');
  return `“\u2068${withoutLinks(short)}\u2069”`;
}
