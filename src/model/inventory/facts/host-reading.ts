import type { GuestCapabilities, HostOffer, PoolOffer } from '../../../language/checks/host-offer.ts';
import type { Host, HostChange, Watch } from '../host.ts';
import { filterKind } from '../kinds/filter.ts';
import { interfaceKind } from '../kinds/interface.ts';
import type { KindName } from '../kinds/kind.ts';
import { networkKind } from '../kinds/network.ts';
import { nodeDeviceKind } from '../kinds/node-device.ts';
import { type PoolRecord, poolKind } from '../kinds/pool.ts';
import { secretKind } from '../kinds/secret.ts';
import { type VolumeRecord, volumeKind } from '../kinds/volume.ts';
import { guestCapabilities } from './capabilities.ts';

/** The longest that somebody waits for all that a host has; what comes later is told as a change. */
const TIMEOUT_MS = 20_000;

const READ: ReadonlySet<KindName> = new Set([
  'network',
  'pool',
  'volume',
  'nodedev',
  'secret',
  'filter',
  'interface',
]);

/** One host, read for the documents that refer to it: every kind that they can name, and what is in its pools. */
export class HostReading {
  readonly #host: Host;
  readonly #changed: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #watches;
  /** Of the pools that are active, by their UUIDs. */
  readonly #volumes = new Map<string, Watch<VolumeRecord>>();
  readonly #stop: () => void;
  #guests: readonly GuestCapabilities[] = [];
  #offer: HostOffer | undefined;
  #reading: Promise<void> | undefined;
  #isDisposed = false;

  constructor(host: Host, changed: () => void, onError: (error: unknown) => void) {
    this.#host = host;
    this.#changed = changed;
    this.#onError = onError;
    this.#watches = {
      networks: host.watch(networkKind),
      pools: host.watch(poolKind),
      devices: host.watch(nodeDeviceKind),
      secrets: host.watch(secretKind),
      filters: host.watch(filterKind),
      interfaces: host.watch(interfaceKind),
    };
    this.#stop = host.onChange((change) => this.#follow(change));
    this.#reading = this.#read();
  }

  /** Undefined until it was read once. */
  get now(): HostOffer | undefined {
    if (this.#reading !== undefined) return undefined;
    this.#offer ??= this.#compose();
    return this.#offer;
  }

  /** Waits for what is being read. */
  async get(): Promise<HostOffer | undefined> {
    await this.#reading;
    return this.now;
  }

  /** Nobody asks any more. */
  dispose(): void {
    this.#isDisposed = true;
    this.#stop();
    for (const watch of [...Object.values(this.#watches), ...this.#volumes.values()]) watch.dispose();
    this.#volumes.clear();
  }

  /** What a driver does not have, or refuses, is empty. */
  async #read(): Promise<void> {
    try {
      const patience = AbortSignal.timeout(TIMEOUT_MS);
      const late = new Promise<void>((resolve) => {
        patience.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([this.#readAll(), late]);
    } catch (error) {
      if (!this.#isDisposed) this.#onError(error);
    } finally {
      this.#reading = undefined;
      if (!this.#isDisposed) this.#changed();
    }
  }

  async #readAll(): Promise<void> {
    const { networks, pools, devices, secrets, filters, interfaces } = this.#watches;
    const guests = this.#host.connect().then(guestCapabilities);
    await Promise.all([
      networks.objects.completed(),
      pools.objects.completed().then(() => this.#readVolumes()),
      devices.objects.completed(),
      ...[secrets, filters, interfaces].map(({ objects }) => objects.settled()),
      guests.then((found) => (this.#guests = found)),
    ]);
  }

  /** The volumes of every pool that is active now, and of no other. */
  async #readVolumes(): Promise<void> {
    if (this.#isDisposed) return;
    const active = new Set<string>();
    for (const [uuid, pool] of this.#watches.pools.objects.records) if (pool.active) active.add(uuid);
    for (const [uuid, watch] of this.#volumes) {
      if (active.has(uuid)) continue;
      watch.dispose();
      this.#volumes.delete(uuid);
    }
    for (const uuid of active)
      if (!this.#volumes.has(uuid)) this.#volumes.set(uuid, this.#host.watch(volumeKind, uuid));
    await Promise.all([...this.#volumes.values()].map(({ objects }) => objects.settled()));
  }

  #follow(change: HostChange): void {
    if (change.kind === 'status' || !READ.has(change.of)) return;
    this.#offer = undefined;
    if (change.of === 'pool') {
      this.#readVolumes()
        .then(() => this.#forget())
        .catch(this.#onError);
    } else this.#changed();
  }

  #forget(): void {
    this.#offer = undefined;
    this.#changed();
  }

  #compose(): HostOffer {
    const { networks, pools, devices, secrets, filters, interfaces } = this.#watches;
    return {
      networks: [...networks.objects.records.values()].map(({ name, uuid, active, details }) => ({
        name,
        uuid,
        active,
        bridge: details?.bridge,
        portGroups: details?.portGroups ?? [],
      })),
      pools: [...pools.objects.records.values()].map((pool) => this.#poolOffer(pool)),
      interfaces: namesOf(interfaces.objects.records),
      secrets: [...secrets.objects.records.values()].map(({ uuid, usage }) => ({ uuid, usage })),
      filters: namesOf(filters.objects.records),
      devices: [...devices.objects.records.values()].flatMap(({ details }) =>
        details?.pci === undefined && details?.usb === undefined ? [] : [details],
      ),
      guests: this.#guests,
    };
  }

  #poolOffer({ name, uuid, active, details }: PoolRecord): PoolOffer {
    const volumes = this.#volumes.get(uuid)?.objects.records;
    return {
      name,
      uuid,
      active,
      folder: details?.type === 'dir' ? details.path : undefined,
      volumes: volumes && [...volumes.values()],
    };
  }
}

function namesOf(records: ReadonlyMap<string, { readonly name: string }>): readonly string[] {
  return [...records.values()].map(({ name }) => name);
}
