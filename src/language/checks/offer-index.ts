import type { HostOffer, NetworkOffer, PoolOffer } from './host-offer.ts';

type Volume = NonNullable<PoolOffer['volumes']>[number];

/**
 * What a host offers, found by what documents call it: looking through all of it for each of thousands of devices would
 * hold up the editor. Make one for each look at a document; what nobody asks for costs nothing.
 */
export class OfferIndex {
  readonly #offer: HostOffer;
  #networks: ReadonlyMap<string, NetworkOffer> | undefined;
  #networkNames: readonly string[] | undefined;
  #poolNames: readonly string[] | undefined;
  #pools: readonly PoolIndex[] | undefined;
  #poolsByName: ReadonlyMap<string, PoolIndex> | undefined;
  #poolsByFolder: ReadonlyMap<string, PoolIndex> | undefined;
  #files: ReadonlyMap<string, FoundFile> | undefined;

  constructor(offer: HostOffer) {
    this.#offer = offer;
  }

  get networkNames(): readonly string[] {
    return (this.#networkNames ??= [...this.#byName().keys()]);
  }

  get poolNames(): readonly string[] {
    return (this.#poolNames ??= [...this.#named().keys()]);
  }

  network(name: string): NetworkOffer | undefined {
    return this.#byName().get(name);
  }

  pool(name: string): PoolIndex | undefined {
    return this.#named().get(name);
  }

  /** The pool whose folder this is, written without a slash at its end. */
  poolIn(folder: string): PoolIndex | undefined {
    this.#poolsByFolder ??= firstOf(this.#all(), ({ offer }) => offer.folder?.replace(/\/$/, ''));
    return this.#poolsByFolder.get(folder);
  }

  /** The volume that is this file. */
  file(path: string): FoundFile | undefined {
    this.#files ??= firstOf(
      this.#all().flatMap(({ offer }) => (offer.volumes ?? []).map((volume) => ({ pool: offer, volume }))),
      ({ volume }) => volume.path,
    );
    return this.#files.get(path);
  }

  #byName(): ReadonlyMap<string, NetworkOffer> {
    return (this.#networks ??= firstOf(this.#offer.networks, ({ name }) => name));
  }

  #named(): ReadonlyMap<string, PoolIndex> {
    return (this.#poolsByName ??= firstOf(this.#all(), ({ offer }) => offer.name));
  }

  #all(): readonly PoolIndex[] {
    return (this.#pools ??= this.#offer.pools.map((pool) => new PoolIndex(pool)));
  }
}

export interface FoundFile {
  readonly pool: PoolOffer;
  readonly volume: Volume;
}

/** A pool, with its volumes found by their names and paths. */
export class PoolIndex {
  readonly offer: PoolOffer;
  #volumes: ReadonlyMap<string, Volume> | undefined;
  #paths: ReadonlySet<string> | undefined;
  #names: readonly string[] | undefined;

  constructor(offer: PoolOffer) {
    this.offer = offer;
  }

  get volumeNames(): readonly string[] {
    return (this.#names ??= (this.offer.volumes ?? []).map(({ name }) => name));
  }

  volume(name: string): Volume | undefined {
    return (this.#volumes ??= firstOf(this.offer.volumes ?? [], (each) => each.name)).get(name);
  }

  hasFile(path: string): boolean {
    return (this.#paths ??= new Set(this.offer.volumes?.map((each) => each.path))).has(path);
  }
}

/** The first of each key; those without one are left out. */
function firstOf<T>(all: readonly T[], keyOf: (each: T) => string | undefined): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const each of all) {
    const key = keyOf(each);
    if (key !== undefined && !found.has(key)) found.set(key, each);
  }
  return found;
}
