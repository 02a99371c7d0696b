import { beginsRoot } from '../../../language/schema/kinds.ts';

/** How far into a text the root element is looked for: behind a licence, but not behind a novel. */
const MAX_PROLOG = 64 * 1024;
const NAME = /[^\s<>/'"=]+/y;

/** The name of the root element as it is written, found without parsing the rest. */
export function rootNameOf(text: string): string | undefined {
  let at = 0;
  for (;;) {
    at = text.indexOf('<', at);
    if (at === -1 || at > MAX_PROLOG) return undefined;
    const end = endOfMisc(text, at);
    if (end === undefined) break;
    if (end === -1) return undefined;
    at = end;
  }
  NAME.lastIndex = at + 1;
  return NAME.exec(text)?.[0];
}

/** Behind the comment, instruction or document type that starts here; undefined for anything else, -1 without an end. */
function endOfMisc(text: string, at: number): number | undefined {
  for (const [open, close] of [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<!', '>'],
  ] as const) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    return end === -1 ? -1 : end + close.length;
  }
  return undefined;
}

/** A longer text without a root element is not about to become one of libvirt's documents. */
const MAX_BEGINNING = 16 * 1024;

/** Whether a text could still become one of libvirt's documents: it has no root element, or an unfinished name of one. */
export function hasNoRootYet(text: string): boolean {
  if (text.length > MAX_BEGINNING) return false;
  const begun = text.replaceAll(/<!--[^]*?-->|<\?[^]*?\?>/g, '').trim();
  const [, name] = /^<?([\w:.-]*)$/.exec(begun) ?? [];
  return name !== undefined && beginsRoot(name);
}
