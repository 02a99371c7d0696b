import type { Host } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { Connection } from '../../client/libvirt/connect.ts';
import { parseUri } from '../../client/transport/uri.ts';
import { EnvironmentHost } from '../../engines/environment/deploy/environment-host.ts';

/** Finds the hosts that files name among those of the Hosts view. */
export class HostFinder {
  readonly #inventory: Inventory;
  readonly #hostsKnown: Promise<void>;
  readonly #known = new WeakMap<Connection, EnvironmentHost>();

  constructor(inventory: Inventory, hostsKnown: Promise<void>) {
    this.#inventory = inventory;
    this.#hostsKnown = hostsKnown;
  }

  /** By name or URI; the first one without. @throws Error that says which there are */
  async host(name: string | undefined): Promise<Host> {
    await this.#hostsKnown;
    const { hosts } = this.#inventory;
    const found =
      name === undefined ? hosts[0] : hosts.find((each) => each.name === name || each.id === name);
    if (found !== undefined) return found;
    if (name === undefined) throw new Error('There is no libvirt host: add one in the Hosts view');
    const names = hosts.map((each) => each.name).join(', ');
    throw new Error(
      `There is no host “${name}” in the Hosts view${names === '' ? '' : `: there is ${names}`}`,
    );
  }

  /** Connects where that has to be. */
  async connect(name: string | undefined): Promise<EnvironmentHost> {
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

/** Whether looking at a host costs nobody anything: it is connected, or on this machine, where nothing is asked. */
export function isWorthLooking({ status, definition }: Host): boolean {
  if (status.kind === 'connected') return true;
  if (status.kind !== 'disconnected' || status.byUser) return false;
  try {
    const { transport, host } = parseUri(definition.uri);
    return transport === 'unix' || (transport === undefined && (host === undefined || host === ''));
  } catch {
    return false;
  }
}
