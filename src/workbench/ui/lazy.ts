interface Disposable {
  dispose(): unknown;
}

/**
 * Something that is made when it is first needed, and then kept. A failure is told to whoever waited, and not kept:
 * the next one who needs it tries again.
 */
export class Lazy<T extends Disposable> implements Disposable {
  readonly #make: () => Promise<T>;
  #made: Promise<T> | undefined;
  #isDisposed = false;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** Makes it if nobody has yet. @throws what making it throws, and an AbortError once this is disposed. */
  get(): Promise<T> {
    if (this.#made !== undefined) return this.#made;
    const making = this.#begin();
    this.#made = making;
    making.catch(() => {
      if (this.#made === making) this.#made = undefined;
    });
    return making;
  }

  /** What there is, or is just being made; undefined when nobody has needed it, or it could not be made. */
  async peek(): Promise<T | undefined> {
    return this.#made?.catch(() => undefined);
  }

  /** What is still being made is disposed of as soon as it is there, and nothing is made any more. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    void this.peek().then((value) => value?.dispose());
  }

  async #begin(): Promise<T> {
    this.#throwIfDisposed();
    const value = await this.#make();
    if (this.#isDisposed) value.dispose();
    this.#throwIfDisposed();
    return value;
  }

  #throwIfDisposed(): void {
    // not for people: nobody is told of what was cancelled
    if (this.#isDisposed) throw new DOMException('It is needed no more', 'AbortError');
  }
}
