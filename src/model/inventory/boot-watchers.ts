/** Gets ready to see a domain that is there but has not run a single instruction. */
export type BootWatcher = () => Promise<void>;

/** Those who want to miss nothing of what a domain does after its start, such as an open console. */
export class BootWatchers {
  readonly #watchers = new Map<string, Set<BootWatcher>>();

  /** Returns the function that ends it. */
  add(uuid: string, watcher: BootWatcher): () => void {
    let watchers = this.#watchers.get(uuid);
    if (watchers === undefined) this.#watchers.set(uuid, (watchers = new Set()));
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }

  /** Those of one domain. */
  of(uuid: string): readonly BootWatcher[] {
    return [...(this.#watchers.get(uuid) ?? [])];
  }
}
