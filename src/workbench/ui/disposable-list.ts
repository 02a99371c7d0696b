interface Disposable {
  dispose(): unknown;
}

/** What ends together. What comes when all has ended already is ended at once, so that nothing is left behind. */
export class DisposableList implements Disposable {
  readonly #items: Disposable[];
  #isDisposed = false;

  constructor(...items: readonly Disposable[]) {
    this.#items = [...items];
  }

  add(...items: readonly Disposable[]): void {
    this.#items.push(...items);
    if (this.#isDisposed) this.#disposeItems();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#disposeItems();
  }

  #disposeItems(): void {
    for (const item of this.#items.splice(0)) item.dispose();
  }
}
