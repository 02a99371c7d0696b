import type { TextRange } from '../xml/tree.ts';

/** Something doubtful in a document that is valid by its schema. */
export interface Finding extends TextRange {
  readonly code: string;
  /** One sentence, with the fact behind it. */
  readonly message: string;
  /** The other place that the message speaks of. */
  readonly related?: TextRange;
}
