import { withoutLinks } from '../../model/text/links.ts';
import { visible } from '../../model/text/visible.ts';

/**
 * Names come from daemons and files and may hold anything. These functions make them safe to show; none of
 * them is for use in a call.
 */

const SENTENCE_MAX = 80;
/** For a tree label or any other place that shows plain text, see {@link visible}. */
export function displayName(name: string): string {
  return visible(name);
}

/** What VS Code takes for an icon, and nothing else: a backslash before anything else would be shown. */
const ICON = /(?<!\\)\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** Text where `$(name)` would become an icon: it stays what it is. */
export function withoutIcons(text: string): string {
  return text.replaceAll(ICON, String.raw`\$&`);
}

/** For the label of a quick pick. */
export function pickLabel(name: string): string {
  return withoutIcons(displayName(name));
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
