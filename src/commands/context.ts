import type { Connector } from '../inventory/host.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Presenter } from '../ui/presenter.ts';

/** What commands work with. */
export interface CommandContext {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** For a connection that belongs to no host of the inventory. */
  readonly connector: Connector;
}
