import { t } from '@vscode/l10n';
/** How gdb is told to stop at a later hit. */
interface HitCount {
  /** So many hits are passed over. */
  readonly ignoreCount: number;
  /** It stops once, and not again. */
  readonly temporary: boolean;
}

/** Reads what people write into the field for hits: `3`, `> 3`, `>= 3`. @throws Error in words for them. */
export function readHitCount(text: string): HitCount {
  const [, relation = '', digits = ''] = /^\s*(>=?|={0,2})\s*(\d+)\s*$/.exec(text) ?? [];
  const hits = Number(digits);
  const first = relation === '>' ? hits + 1 : hits;
  if (digits === '' || first < 1)
    throw new Error(
      t(
        '“{0}” is not a hit count: 3 stops at the third hit, > 3 at every later one, >= 3 at the third and every later one',
        text,
      ),
    );
  return { ignoreCount: first - 1, temporary: !relation.startsWith('>') };
}
