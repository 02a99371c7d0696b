import type * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Connector } from '../../../model/inventory/host.ts';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import type { Presenter } from '../../ui/presenter.ts';

/** What consoles work with. */
export interface ConsoleParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly connector: Connector;
  /** Where output is kept: private to this user. */
  readonly storage: vscode.Uri;
  /** Remembers which consoles were open. */
  readonly memory: vscode.Memento;
  /** Opens the XML of a domain: of the commands. */
  readonly editXml: (target: DomainTarget) => Promise<void>;
}

/** How a console is shown. */
export interface OpenOptions {
  /** The editor keeps the keyboard. */
  readonly preserveFocus?: boolean;
  /** Without a question where there are several ports: the first. */
  readonly first?: boolean;
  /** In the editor area, beside what is open there, so that a panel does not cover it. */
  readonly beside?: boolean;
}
