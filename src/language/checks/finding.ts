import type { Fix } from '../schema/diagnostic.ts';
import type { TextRange } from '../xml/tree.ts';

/** Something doubtful in a document that is valid by its schema. */
export interface Finding extends TextRange {
  readonly code: string;
  /** One sentence, or two, with the fact behind it. */
  readonly message: string;
  /** The other place that the message speaks of. */
  readonly related?: TextRange;
  /** What could be done about it. One is preferred where it is certain what was meant. */
  readonly fixes?: readonly Fix[];
  /** Where libvirt's documentation explains it: `formatdomain.html#filesystems`. */
  readonly reference?: string;
}
