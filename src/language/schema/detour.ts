import type { Derivation } from './derive.ts';
import type { ElementPattern, Pattern, PatternPool } from './pattern.ts';
import { requiredLeaves, type RequiredLeaf } from './survey.ts';

/** A way on that a valid document would not take: something that it needs is left out. */
export interface Detour {
  readonly left: Pattern;
  readonly missing: readonly RequiredLeaf[];
}

const MAX_WAYS = 6;

/** Ways to go on without attributes that are required: the pattern that is left, and what is missing. */
export function withoutRequiredAttributes(pattern: Pattern, pool: PatternPool): readonly Detour[] {
  if (!pattern.hasAttributes) return [{ left: pattern, missing: [] }];
  let ways = known.get(pattern);
  if (ways === undefined) known.set(pattern, (ways = findWays(pattern, pool)));
  return ways;
}

/** Kept for as long as the pattern is. */
const known = new WeakMap<Pattern, readonly Detour[]>();

function findWays(pattern: Pattern, pool: PatternPool): readonly Detour[] {
  switch (pattern.kind) {
    case 'attribute':
      return [{ left: pool.empty, missing: [pattern] }];
    case 'choice':
      return mergeWays(
        pattern.parts.flatMap((part) => withoutRequiredAttributes(part, pool)),
        pool,
      );
    case 'group':
    case 'interleave': {
      let ways: { parts: Pattern[]; missing: readonly RequiredLeaf[] }[] = [{ parts: [], missing: [] }];
      for (const part of pattern.parts) {
        const own = withoutRequiredAttributes(part, pool);
        ways = ways
          .flatMap((way) =>
            own.map(({ left, missing }) => ({
              parts: [...way.parts, left],
              missing: [...way.missing, ...missing],
            })),
          )
          .toSorted((a, b) => a.missing.length - b.missing.length)
          .slice(0, MAX_WAYS);
      }
      return mergeWays(
        ways.map(({ parts, missing }) => ({ left: pool[pattern.kind](parts), missing })),
        pool,
      );
    }
    case 'oneOrMore':
      return withoutRequiredAttributes(pattern.part, pool).map(({ left, missing }) => ({
        left: pool.oneOrMore(left),
        missing,
      }));
    default:
      return [{ left: pattern, missing: [] }];
  }
}

/** Ways that lack the same things become one way with a choice; those that lack the least are kept. */
function mergeWays(ways: readonly Detour[], pool: PatternPool): Detour[] {
  const byMissing = new Map<string, Detour[]>();
  for (const way of ways) {
    if (way.left === pool.notAllowed) continue;
    const key = way.missing.map(({ id }) => id).join(' ');
    const same = byMissing.get(key);
    if (same === undefined) byMissing.set(key, [way]);
    else same.push(way);
  }
  return [...byMissing.values()]
    .map((same) => ({ left: pool.choice(same.map(({ left }) => left)), missing: same[0]?.missing ?? [] }))
    .toSorted((a, b) => a.missing.length - b.missing.length)
    .slice(0, MAX_WAYS);
}

/** A way to an element that stands further on, past what is required before it. */
export function skipToElement(
  pattern: Pattern,
  key: string,
  met: (leaves: readonly ElementPattern[]) => readonly ElementPattern[],
  derivation: Derivation,
  pool: PatternPool,
): Detour | undefined {
  const { leaves } = derivation.elements(pattern, key);
  if (leaves.length > 0) {
    const chosen = met(leaves);
    return chosen.length === 0
      ? undefined
      : { left: derivation.afterElement(pattern, key, chosen), missing: [] };
  }
  const into = (part: Pattern): Detour | undefined => skipToElement(part, key, met, derivation, pool);
  switch (pattern.kind) {
    case 'choice':
      return fewestMissing(pattern.parts.map(into));
    case 'interleave':
      return fewestMissing(
        pattern.parts.map((part, index) => {
          const way = into(part);
          return way && { left: pool.interleave(pattern.parts.with(index, way.left)), missing: way.missing };
        }),
      );
    case 'group':
      return skipInGroup(pattern.parts, into, pool);
    case 'oneOrMore': {
      const way = into(pattern.part);
      return way && { left: pool.group([way.left, pool.optional(pattern)]), missing: way.missing };
    }
    default:
      return undefined;
  }
}

function skipInGroup(
  parts: readonly Pattern[],
  into: (part: Pattern) => Detour | undefined,
  pool: PatternPool,
): Detour | undefined {
  const skipped: RequiredLeaf[] = [];
  for (const [index, part] of parts.entries()) {
    const way = into(part);
    if (way !== undefined)
      return {
        left: pool.group([way.left, ...parts.slice(index + 1)]),
        missing: [...skipped, ...way.missing],
      };
    skipped.push(...(requiredLeaves(part) ?? []));
  }
  return undefined;
}

function fewestMissing(ways: readonly (Detour | undefined)[]): Detour | undefined {
  let best: Detour | undefined;
  for (const way of ways)
    if (way !== undefined && (best === undefined || way.missing.length < best.missing.length)) best = way;
  return best;
}
