import { applyEdits, type TextEdit } from '../xml/edit.ts';
import { parseDocument } from '../xml/parse.ts';
import type { Analysis } from './analysis.ts';
import type { Fix } from './diagnostic.ts';
import { validate } from './validate.ts';

/** More ways than these are not tried. */
const MAX_TRIED = 6;

/** Of some ways to put right one mistake, those first that leave the fewest; one that leaves fewer than all is preferred. */
export function bestFirst(analysis: Analysis, fixes: readonly Fix[]): Fix[] {
  if (fixes.length < 2 || fixes.length > MAX_TRIED || !mayTry(analysis, fixes.length)) return [...fixes];
  const tried = fixes
    .map((fix) => ({ fix, left: errorsAfter(analysis, fix.edits) }))
    .toSorted((a, b) => a.left - b.left);
  const [first, second] = tried;
  const isClear = first !== undefined && second !== undefined && first.left < second.left;
  return tried.map(({ fix }, index) => ({ ...fix, preferred: isClear && index === 0 }));
}

/** Whether there is time to look at as many changes of a document; counts them when there is. */
export function mayTry({ document, repairer, trials }: Analysis, ways: number): boolean {
  const steps = (document.elements.length + repairer.effort.steps) * ways;
  if (steps > trials.left) return false;
  trials.spend(steps);
  return true;
}

/** How many errors a document has after a change. */
export function errorsAfter({ document, schema }: Analysis, edits: readonly TextEdit[]): number {
  const after = parseDocument(applyEdits(document.text, edits));
  return validate(after, schema).filter(({ severity }) => severity === 'error').length;
}
