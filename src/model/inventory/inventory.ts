import { sameAlias } from './alias.ts';
import { Emitter } from './emitter.ts';
import { type Connector, Host, type HostChange, type HostDefinition } from './host.ts';

export type InventoryChange =
  { readonly kind: 'hosts' } | { readonly kind: 'host'; readonly host: Host; readonly change: HostChange };

/** All hosts, in the order in which they are shown. */
export class Inventory {
  readonly onChange: (listener: (change: InventoryChange) => void) => () => void;
  readonly onError: (listener: (failure: { host: Host; error: unknown }) => void) => () => void;
  readonly #changes = new Emitter<InventoryChange>();
  readonly #errors = new Emitter<{ host: Host; error: unknown }>();
  readonly #connector: Connector | undefined;
  #hosts: readonly Host[] = [];

  /** `connector` makes the connections of all hosts. */
  constructor(connector?: Connector) {
    this.#connector = connector;
    this.onChange = (listener) => this.#changes.on(listener);
    this.onError = (listener) => this.#errors.on(listener);
  }

  /** In the order in which they are shown. */
  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /** By its id, which is its URI. */
  host(id: string): Host | undefined {
    return this.#hosts.find((host) => host.id === id);
  }

  /** By its alias in the address of a document. */
  hostByAlias(alias: string): Host | undefined {
    return this.#hosts.find((host) => sameAlias(host.alias, alias));
  }

  /** Takes a new list of hosts: those that stay keep their connection, those that go are disconnected. */
  setHosts(definitions: readonly HostDefinition[]): void {
    const previous = this.#hosts;
    const unique = new Map(definitions.toReversed().map((definition) => [definition.uri, definition]));
    this.#hosts = [...unique.values()].toReversed().map((definition) => {
      const known = previous.find((host) => sameDefinition(host.definition, definition));
      return known ?? this.#follow(new Host(definition, this.#connector));
    });
    for (const host of previous) if (!this.#hosts.includes(host)) host.disconnect();
    if (!sameHosts(previous, this.#hosts)) this.#changes.emit({ kind: 'hosts' });
  }

  /** Disconnects from every host. */
  dispose(): void {
    for (const host of this.#hosts) host.disconnect();
  }

  #follow(host: Host): Host {
    host.onChange((change) => this.#changes.emit({ kind: 'host', host, change }));
    host.onError((error) => this.#errors.emit({ host, error }));
    return host;
  }
}

function sameHosts(a: readonly Host[], b: readonly Host[]): boolean {
  return a.length === b.length && a.every((host, index) => host === b[index]);
}

function sameDefinition(a: HostDefinition, b: HostDefinition): boolean {
  return a.name === b.name && a.uri === b.uri && a.origin === b.origin;
}
