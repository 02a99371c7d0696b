import type * as vscode from 'vscode';
import type { Kind, ObjectRecord } from '../../model/inventory/kinds/kind.ts';

/** How the objects of one kind look in the tree: all that a folder of this one adds to a kind. */
export interface Branch<R extends ObjectRecord = ObjectRecord> {
  readonly kind: Kind<R>;
  /** The name of a codicon. */
  readonly icon: string;
  /** What stands in the place of the objects when there are none. */
  readonly none: string;
  /** The line of an object; its label, id and context value come from the kind. */
  show(item: vscode.TreeItem, record: R): void;
  /** What lies in an object, and whether there can be something right now. */
  readonly below?: { readonly branch: Branch; unfolds(record: R): boolean };
}
