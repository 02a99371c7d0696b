import type * as vscode from 'vscode';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import type { Presenter } from '../../ui/presenter.ts';

/** What the language features work with. */
export interface LanguageOptions {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** The folder with the compiled schemas and documentation. */
  readonly dist: string;
  readonly memory: vscode.Memento;
  /** A folder of ours for what outlives a restart, in every workspace. */
  readonly storage: string;
}
