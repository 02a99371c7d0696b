import type { Inventory } from '../inventory/inventory.ts';
import type { Presenter } from '../ui/presenter.ts';

/** What commands work with. */
export interface CommandContext {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
}
