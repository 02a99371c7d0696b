/** A place in a text, both counted from 0. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/**
 * Where a cursor belongs after libvirt wrote its own form of a text: on the same line of it, found by what the line
 * says and how many lines before it say the same, else as far below the nearest line above that is still there.
 */
export function samePlace(before: string, after: string, { line, character }: Place): Place {
  const old = before.split('\n');
  const now = after.split('\n');
  for (let up = 0; up <= line; up++) {
    const found = sameLine(old, now, line - up);
    if (found === undefined) continue;
    const at = Math.min(found + up, now.length - 1);
    return { line: at, character: inLine(old[line] ?? '', now[at] ?? '', character) };
  }
  return { line: Math.min(line, now.length - 1), character };
}

function sameLine(old: readonly string[], now: readonly string[], line: number): number | undefined {
  const wanted = old[line]?.trim() ?? '';
  if (wanted === '') return undefined;
  let nth = 0;
  for (let each = 0; each < line; each++) if (old[each]?.trim() === wanted) nth++;
  for (const [index, text] of now.entries()) {
    if (text.trim() !== wanted) continue;
    if (nth === 0) return index;
    nth--;
  }
  return undefined;
}

/** As far from the line's first character that is not white space. */
function inLine(old: string, now: string, character: number): number {
  return Math.min(Math.max(character - indentOf(old) + indentOf(now), 0), now.length);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
