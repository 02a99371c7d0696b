import { applyEdits } from '../xml/edit.ts';
import { parseDocument } from '../xml/parse.ts';
import type { Analysis } from './analysis.ts';
import type { Fix } from './diagnostic.ts';
import { validate } from './validate.ts';

/** More ways than these are not tried. */
const MAX_TRIED = 6;

/** How much a document may hold for all of the ways to be tried on it. */
const MAX_ELEMENTS = 20_000;

/** Of some ways to put right one mistake, those first that leave the fewest; one that leaves fewer than all is preferred. */
export function bestFirst({ document, schema }: Analysis, fixes: readonly Fix[]): Fix[] {
  if (fixes.length < 2 || fixes.length > MAX_TRIED || document.elements.length * fixes.length > MAX_ELEMENTS)
    return [...fixes];
  const tried = fixes
    .map((fix) => {
      const after = parseDocument(applyEdits(document.text, fix.edits));
      return { fix, left: validate(after, schema).filter(({ severity }) => severity === 'error').length };
    })
    .toSorted((a, b) => a.left - b.left);
  const [first, second] = tried;
  const isClear = first !== undefined && second !== undefined && first.left < second.left;
  return tried.map(({ fix }, index) => ({ ...fix, preferred: isClear && index === 0 }));
}
