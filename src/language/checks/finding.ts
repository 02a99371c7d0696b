import type { TextRange } from '../xml/tree.ts';

/** Something that is doubtful about a document that its schema has nothing against. */
export interface Finding extends TextRange {
  readonly code: string;
  /** One sentence, with the fact behind it. */
  readonly message: string;
  /** The other place that it speaks of. */
  readonly related?: TextRange;
}
