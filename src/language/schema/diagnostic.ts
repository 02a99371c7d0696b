import type { TextEdit } from '../xml/edit.ts';
import type { TextRange, XmlAttribute, XmlElement, XmlProblemCode } from '../xml/tree.ts';
import type { AttributePattern, ElementPattern } from './pattern.ts';

export type SchemaDiagnosticCode =
  | 'unknown-root'
  | 'unknown-namespace'
  | 'unexpected-element'
  | 'repeated-element'
  | 'misplaced-element'
  | 'unexpected-attribute'
  | 'unexpected-text'
  | 'bad-value'
  | 'white-space'
  | 'missing-element'
  | 'missing-attribute'
  | 'missing-value'
  | 'element-order';

export type DiagnosticCode = XmlProblemCode | SchemaDiagnosticCode;

/** Something to tell a person about a document, with what a quick fix needs. Offsets as in the tree. */
export interface Diagnostic extends TextRange {
  readonly code: DiagnosticCode;
  /** A warning and a hint speak of something that the schema allows; libvirt refuses what a warning speaks of. */
  readonly severity: 'error' | 'warning' | 'hint';
  /** One sentence, or two. */
  readonly message: string;
  /** The element it speaks of: the one that is wrong, or the one that lacks something. */
  readonly element?: XmlElement;
  readonly attribute?: XmlAttribute;
  /** Names or values that could stand there, as they are written. */
  readonly expected: readonly string[];
  /** Of those, what was probably meant, best first. */
  readonly suggestions: readonly string[];
  /**
   * What is missing, for `missing-element` and `missing-attribute`, or what an unexpected name may have been
   * meant as.
   */
  readonly missing?: ElementPattern | AttributePattern;
  /** The element that a misplaced one belongs in, or that it should replace. */
  readonly home?: XmlElement;
  /** The elements that are to be made inside of `home`, the outermost first, to hold a misplaced one. */
  readonly made?: readonly ElementPattern[];
  /** An element inside one that should not be there, which should take its place. */
  readonly inner?: XmlElement;
}

/** A change that puts right what a diagnostic speaks of. */
export interface Fix {
  /** What it does, as a command: “Rename to <source>”. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether it is most likely what is wanted. */
  readonly preferred: boolean;
}

const NOT_ALLOWED: ReadonlySet<DiagnosticCode> = new Set([
  'unknown-root',
  'unknown-namespace',
  'unexpected-element',
  'repeated-element',
  'misplaced-element',
  'unexpected-attribute',
  'unexpected-text',
]);

/** Whether it says that something is there which may not be. */
export function isNotAllowed(diagnostic: Diagnostic): boolean {
  return NOT_ALLOWED.has(diagnostic.code);
}
