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
  const places = placesOf(now);
  const nths = nthsOf(old.slice(0, line + 1));
  for (let up = 0; up <= line; up++) {
    const found = places.get(old[line - up]?.trim() ?? '')?.[nths[line - up] ?? 0];
    if (found === undefined) continue;
    const at = Math.min(found + up, now.length - 1);
    return { line: at, character: inLine(old[line] ?? '', now[at] ?? '', character) };
  }
  return { line: Math.min(line, now.length - 1), character };
}

/** The lines that say the same, by what they say; empty ones say nothing. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const says = line.trim();
    const known = places.get(says);
    if (known !== undefined) known.push(index);
    else if (says !== '') places.set(says, [index]);
  }
  return places;
}

/** How many lines before each say the same. */
function nthsOf(lines: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  return lines.map((line) => {
    const says = line.trim();
    const nth = counts.get(says) ?? 0;
    counts.set(says, nth + 1);
    return nth;
  });
}

/** As far from the line's first character that is not white space. */
function inLine(old: string, now: string, character: number): number {
  return Math.min(Math.max(character - indentOf(old) + indentOf(now), 0), now.length);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
