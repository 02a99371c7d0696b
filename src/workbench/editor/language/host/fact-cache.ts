import * as vscode from 'vscode';
import type { Host } from '../../../../model/inventory/host.ts';
import type { Connection } from '../../../../client/libvirt/connect.ts';
import type { DomainCapabilitiesOf } from '../../../../client/libvirt/host/host.ts';
import { readDomainFacts, type DomainFacts } from './guest-facts.ts';
import { readHostFacts, type HostFacts } from './host-facts.ts';

const TIMEOUT_MS = 20_000;
/** Events come in bursts: many volumes of a pool, many networks at a start. */
const SETTLE_MS = 300;

interface Known {
  readonly connection: Connection;
  facts: HostFacts | undefined;
  /** Whether the host has said since that something is different. */
  isStale: boolean;
  reading: Promise<HostFacts | undefined> | undefined;
  readonly domains: Map<string, DomainFacts | Promise<DomainFacts | undefined> | undefined>;
}

/**
 * What is known of connected hosts, read when a document first asks and again after the host's events. A host that is
 * not connected is never connected for this.
 */
export class FactCache implements vscode.Disposable {
  /** Something else is known of a host now. */
  readonly onDidChange: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #known = new WeakMap<Host, Known>();
  readonly #onError: (error: unknown) => void;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(onError: (error: unknown) => void) {
    this.onDidChange = this.#changed.event;
    this.#onError = onError;
  }

  /** What is known right now; asks for it in the background when that is nothing. */
  now(host: Host): HostFacts | undefined {
    const known = this.#known.get(host);
    void this.get(host);
    return host.status.kind === 'connected' ? known?.facts : undefined;
  }

  /** Undefined when the host is not connected or does not answer. */
  async get(host: Host): Promise<HostFacts | undefined> {
    const known = await this.#of(host);
    if (known === undefined) return undefined;
    if (known.facts !== undefined && !known.isStale) return known.facts;
    known.reading ??= this.#read(known);
    return known.reading;
  }

  /** The domain capabilities of a machine, if they are known by now; asks for them otherwise. */
  domainNow(host: Host, of: DomainCapabilitiesOf): DomainFacts | undefined {
    const found = this.#known.get(host)?.domains.get(keyOf(of));
    if (found === undefined) void this.domain(host, of);
    return found instanceof Promise || host.status.kind !== 'connected' ? undefined : found;
  }

  async domain(host: Host, of: DomainCapabilitiesOf): Promise<DomainFacts | undefined> {
    const known = await this.#of(host);
    if (known === undefined) return undefined;
    const key = keyOf(of);
    if (!known.domains.has(key)) known.domains.set(key, this.#readDomain(known, of, key));
    return known.domains.get(key);
  }

  dispose(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  async #of(host: Host): Promise<Known | undefined> {
    if (host.status.kind !== 'connected' || this.#abort.signal.aborted) return undefined;
    const connection = await host.connect();
    const old = this.#known.get(host);
    if (old?.connection === connection) return old;
    const known: Known = {
      connection,
      facts: undefined,
      isStale: false,
      reading: undefined,
      domains: new Map(),
    };
    this.#known.set(host, known);
    await this.#follow(known);
    return known;
  }

  async #read(known: Known): Promise<HostFacts | undefined> {
    try {
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      known.isStale = false;
      known.facts = await readHostFacts(known.connection, signal);
      this.#soon();
      return known.facts;
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#onError(error);
      return undefined;
    } finally {
      known.reading = undefined;
    }
  }

  async #readDomain(known: Known, of: DomainCapabilitiesOf, key: string): Promise<DomainFacts | undefined> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    // A machine that there is not has no capabilities: that is what a person will be told.
    const facts = await known.connection.host
      .domainCapabilities(of, { signal })
      .then(readDomainFacts, () => undefined);
    known.domains.set(key, facts);
    if (facts !== undefined) this.#soon();
    return facts;
  }

  /** What changes on the host is read again when somebody next asks, and documents ask soon. */
  async #follow(known: Known): Promise<void> {
    const forget = () => {
      known.isStale = true;
      this.#soon();
    };
    const { networks, storagePools, nodeDevices, secrets } = known.connection;
    // A driver that lacks one of these has nothing of its kind either.
    await Promise.allSettled([
      networks.onLifecycle(forget),
      storagePools.onLifecycle(forget),
      storagePools.onRefresh(forget),
      nodeDevices.onLifecycle(forget),
      secrets.onLifecycle(forget),
    ]);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.fire(), SETTLE_MS);
  }
}

function keyOf({ emulator, arch, machine, virtType }: DomainCapabilitiesOf): string {
  return JSON.stringify([emulator, arch, machine, virtType]);
}
