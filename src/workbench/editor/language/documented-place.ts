import type { DocumentKind } from '../../../language/schema/kinds.ts';

/** What somebody wants to read about: an element, or one of its attributes. */
export interface DocumentedPlace {
  readonly kind: DocumentKind;
  /** The elements from the root on. */
  readonly path: readonly string[];
  readonly attribute: string | undefined;
}
