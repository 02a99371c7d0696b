import type { Host } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { Connection } from '../../client/libvirt/connect.ts';
import { findHost } from '../../model/operations/host/find-host.ts';
import { checkTrust } from './trust.ts';
import { EnvironmentHost } from '../../engines/environment/deploy/environment-host.ts';

/** Finds the hosts that files name among those of the Hosts view. */
export class HostFinder {
  readonly #inventory: Inventory;
  readonly #hostsKnown: Promise<void>;
  readonly #isTrusted: () => boolean;
  readonly #known = new WeakMap<Connection, EnvironmentHost>();

  /** @param isTrusted whether the workspace is: its files name no host to connect to otherwise */
  constructor(inventory: Inventory, hostsKnown: Promise<void>, isTrusted: () => boolean) {
    this.#isTrusted = isTrusted;
    this.#inventory = inventory;
    this.#hostsKnown = hostsKnown;
  }

  /** By name or URI; the first one without. @throws OperationError that says which there are */
  async host(name: string | undefined): Promise<Host> {
    await this.#hostsKnown;
    return findHost(this.#inventory, name);
  }

  /** Connects where that has to be. @throws Error where the workspace is not trusted */
  async connect(name: string | undefined): Promise<EnvironmentHost> {
    checkTrust({ isTrusted: this.#isTrusted() });
    const host = await this.host(name);
    return this.of(host, await host.connect());
  }

  of(host: Host, connection: Connection): EnvironmentHost {
    const known = this.#known.get(connection);
    if (known !== undefined) return known;
    const made = new EnvironmentHost(host, connection);
    this.#known.set(connection, made);
    return made;
  }
}
