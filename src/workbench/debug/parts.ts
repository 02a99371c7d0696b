import type * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { Presenter } from '../ui/presenter.ts';

/** What debugging works with. */
export interface DebugParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** Settles when the hosts of the settings are in the inventory. */
  readonly hostsKnown: Promise<void>;
  /** Where the bundles are. */
  readonly dist: string;
  /** A folder of ours on this machine, for notes that have to outlive the editor. */
  readonly storage: string;
  /** Remembers what a person has been told and agreed to. */
  readonly memory: vscode.Memento;
  /** Shows a guest's serial console, when there is one, beside the source and without taking the keyboard. */
  readonly showConsole: (target: DomainTarget) => Promise<boolean>;
  /** Closes the console of a guest that is gone for good. */
  readonly closeConsole: (target: DomainTarget) => Promise<void>;
  /** Writes a guest's memory to a file: of the commands. */
  readonly dumpMemory: (target: DomainTarget) => Promise<void>;
}
