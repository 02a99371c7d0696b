import type { DomainTarget } from '../inventory/domain-target.ts';
import type { Connector } from '../inventory/host.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Presenter } from '../ui/presenter.ts';

/** What commands work with. */
export interface CommandContext {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  /** For a connection that belongs to no host of the inventory. */
  readonly connector: Connector;
  readonly consoles: ConsoleOpener;
}

export interface ConsoleOpener {
  /** Whether there is a console to be shown; it is attached then, or waits for the domain to start. */
  open(target: DomainTarget): Promise<boolean>;
}
