import { t } from '@vscode/l10n';
import type { XmlElement } from '../xml/tree.ts';
import type { Diagnostic } from './diagnostic.ts';
import { Leaves, leavesNamed } from './leaves.ts';
import type { ElementPattern } from './pattern.ts';
import type { Repairer } from './repair.ts';
import type { Schema } from './schema.ts';
import { leafName, tagged } from './wording.ts';

interface Move {
  readonly missing: Diagnostic;
  readonly stray: XmlElement;
  readonly leaf: ElementPattern;
  readonly distance: number;
}

/** More mistakes than this are not compared with each other. */
const MAX_COMPARED = 200;

/**
 * What one element lacks may stand somewhere else, where it is wrong: that is one mistake. It is told where the
 * element stands, with where it belongs.
 */
export function joinMoved(found: Diagnostic[], repairer: Repairer, schema: Schema): Diagnostic[] {
  const lacking = found.filter(
    ({ code, missing }) => code === 'missing-element' && missing?.kind === 'element',
  );
  if (lacking.length === 0 || found.length < 2 || found.length > MAX_COMPARED) return found;
  const strays = new Set(found.map(({ element }) => element).filter((element) => element !== undefined));
  const leaves = new Leaves(schema);
  const fitsIn = (stray: XmlElement, home: XmlElement): boolean =>
    leavesNamed(schema, leaves.of(home), stray.key).some((leaf) => repairer.fits(stray, leaf));
  const moves: Move[] = [];
  for (const missing of lacking) {
    const { element: home, missing: leaf } = missing;
    if (home === undefined || leaf?.kind !== 'element') continue;
    const name = leafName(leaf);
    for (const stray of strays)
      if (stray !== home && stray.name === name && stray.parent !== home && fitsIn(stray, home))
        moves.push({ missing, stray, leaf, distance: Math.abs(stray.start - home.start) });
  }
  const joined = new Map<XmlElement, Move>();
  const answered = new Set<Diagnostic>();
  for (const move of moves.toSorted((a, b) => a.distance - b.distance)) {
    if (joined.has(move.stray) || answered.has(move.missing)) continue;
    joined.set(move.stray, move);
    answered.add(move.missing);
  }
  const told = new Set<XmlElement>();
  return found.flatMap((diagnostic) => {
    if (answered.has(diagnostic)) return [];
    const move = diagnostic.element === undefined ? undefined : joined.get(diagnostic.element);
    if (move === undefined) return [diagnostic];
    if (told.has(move.stray)) return [];
    told.add(move.stray);
    return [misplaced(move)];
  });
}

function misplaced({ stray, leaf, missing: { element: home } }: Move): Diagnostic {
  const [name, place] = [tagged(stray.name), tagged(home?.name ?? '')];
  return {
    code: 'misplaced-element',
    severity: 'error',
    start: stray.nameStart,
    end: stray.nameEnd,
    message:
      stray.parent === undefined
        ? t('{0} belongs in {1}.', name, place)
        : t('{0} belongs in {1}, not in {2}.', name, place, tagged(stray.parent.name)),
    element: stray,
    expected: [],
    suggestions: [],
    missing: leaf,
    ...(home && { home }),
  };
}
