/** Calls listeners in the order in which they came. A plain one, since this storey knows no `vscode`. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns the function that ends it. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls every listener that is there now. */
  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}
