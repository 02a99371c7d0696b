import { splitExpandedName } from '../xml/namespaces.ts';

/** The names most like one that is wrong, best first; none when nothing is like it. */
export function nearestNames(wrong: string, names: Iterable<string>, limit = 3): string[] {
  if (wrong.length > 60) return [];
  const found: { name: string; distance: number }[] = [];
  const plain = wrong.toLowerCase();
  for (const name of names) {
    const allowed = Math.max(1, Math.floor(Math.max(name.length, wrong.length) / 3));
    if (name === wrong || Math.abs(name.length - wrong.length) > allowed) continue;
    const distance = editDistance(plain, name.toLowerCase(), allowed);
    if (distance <= allowed) found.push({ name, distance });
  }
  return found
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ name }) => name);
}

/**
 * The value that is most like a wrong one, when one is more so than all others; none where that would be a guess: short
 * values are often a letter apart.
 */
export function nearestValue(wrong: string, values: readonly string[]): string[] {
  if (wrong.length > 60) return [];
  const plain = wrong.toLowerCase();
  let best: { readonly value: string; readonly distance: number } | undefined;
  let isAlone = false;
  for (const value of values) {
    const allowed = Math.floor(Math.max(value.length, wrong.length) / 4);
    if (value === wrong || Math.abs(value.length - wrong.length) > allowed) continue;
    const distance = editDistance(plain, value.toLowerCase(), allowed);
    if (distance > allowed || distance > (best?.distance ?? Number.POSITIVE_INFINITY)) continue;
    isAlone = distance !== best?.distance;
    best = { value, distance };
  }
  return best !== undefined && isAlone ? [best.value] : [];
}

/** The same for expanded names: the namespace is not a matter of spelling, so that only names of the same one are like it. */
export function nearestKeys(wrong: string, keys: readonly string[]): string[] {
  const { namespace, local } = splitExpandedName(wrong);
  const same = new Map<string, string>();
  for (const key of keys) {
    const name = splitExpandedName(key);
    if (name.namespace === namespace) same.set(name.local, key);
  }
  return nearestNames(local, same.keys()).flatMap((name) => same.get(name) ?? []);
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; above `limit` it is only “more”. */
function editDistance(a: string, b: string, limit: number): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return least;
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
