import type { DomainCapabilities, HostOffer, MachineQuery } from '../../../language/checks/host-offer.ts';
import { Emitter } from '../emitter.ts';
import type { Host } from '../host.ts';
import { domainCapabilities } from './domain-capabilities.ts';
import { HostReading } from './host-reading.ts';

/** Events come in bursts: many volumes of a pool, many networks at a start. */
const SETTLE_MS = 300;

/**
 * What connected hosts have that a document can refer to, followed from the first question about a host until
 * {@link keep} drops it. A host that is not connected is never connected for this.
 */
export class HostOffers {
  /** Something else is known of a host now. */
  readonly onChange: (listener: () => void) => () => void;
  readonly #changed = new Emitter<undefined>();
  readonly #readings = new Map<Host, HostReading>();
  readonly #machines = new WeakMap<HostReading, Map<string, DomainCapabilities | undefined>>();
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onError: (error: unknown) => void) {
    this.onChange = (listener) => this.#changed.on(listener);
    this.#onError = onError;
  }

  /** What is known right now; asks for it in the background when that is nothing. */
  now(host: Host): HostOffer | undefined {
    return this.#of(host)?.now;
  }

  /** Undefined when the host is not connected or does not answer. */
  async get(host: Host): Promise<HostOffer | undefined> {
    return this.#of(host)?.get();
  }

  /** What a machine of the host can do, if that is known by now; asks for it otherwise. */
  machineNow(host: Host, query: MachineQuery): DomainCapabilities | undefined {
    const known = this.#machinesOf(host);
    if (known?.has(keyOf(query)) === false) void this.machine(host, query);
    return known?.get(keyOf(query));
  }

  /** The same, waited for. Undefined for a machine that the host does not have: that is what a person will be told. */
  async machine(host: Host, query: MachineQuery): Promise<DomainCapabilities | undefined> {
    const known = this.#machinesOf(host);
    if (known === undefined || known.has(keyOf(query))) return known?.get(keyOf(query));
    const found = await host
      .connect()
      .then((connection) => domainCapabilities(connection, query))
      .catch(() => undefined);
    known.set(keyOf(query), found);
    if (found !== undefined) this.#soon();
    return found;
  }

  /** Nobody asks about other hosts than these any more. */
  keep(hosts: ReadonlySet<Host>): void {
    for (const [host, reading] of this.#readings) {
      if (hosts.has(host)) continue;
      reading.dispose();
      this.#readings.delete(host);
    }
  }

  /** Ends it all. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.keep(new Set());
  }

  #of(host: Host): HostReading | undefined {
    if (host.status.kind !== 'connected') return undefined;
    const known = this.#readings.get(host);
    if (known !== undefined) return known;
    const reading = new HostReading(host, () => this.#soon(), this.#onError);
    this.#readings.set(host, reading);
    return reading;
  }

  #machinesOf(host: Host): Map<string, DomainCapabilities | undefined> | undefined {
    const reading = this.#of(host);
    if (reading === undefined) return undefined;
    let machines = this.#machines.get(reading);
    if (machines === undefined) this.#machines.set(reading, (machines = new Map()));
    return machines;
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.emit(undefined), SETTLE_MS);
  }
}

function keyOf({ emulator, arch, machine, virtType }: MachineQuery): string {
  return JSON.stringify([emulator, arch, machine, virtType]);
}
