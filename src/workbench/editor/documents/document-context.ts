import type * as vscode from 'vscode';
import type { Inventory } from '../../../model/inventory/inventory.ts';
import type { Presenter } from '../../ui/presenter.ts';

/** What the documents of hosts work with. */
export interface DocumentContext {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** For what has to outlive a reload of the window. */
  readonly state: vscode.Memento;
  /** Settles when the hosts are known. */
  readonly hostsKnown: Promise<void>;
  /** Changes the devices of a running domain to those that its document defines: of the commands. */
  readonly applyLive: (uri: vscode.Uri) => Promise<void>;
}
