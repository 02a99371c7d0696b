/** How many items that were taken out may pile up before their space is freed. */
const SLACK = 64;

/** First in, first out, however long it gets: taking one out does not move all the others. */
export class Queue<T> {
  #items: T[] = [];
  #first = 0;

  /** Puts it behind all others. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the first one out; undefined when there is none. */
  shift(): T | undefined {
    if (this.#first === this.#items.length) return undefined;
    const item = this.#items[this.#first++];
    if (this.#first >= SLACK && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** How many wait. */
  get size(): number {
    return this.#items.length - this.#first;
  }

  /** Takes out all that are not to stay. */
  keep(stays: (item: T) => boolean): void {
    this.#items = this.#items.slice(this.#first).filter(stays);
    this.#first = 0;
  }

  /** Takes out all of them. */
  clear(): readonly T[] {
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    return items;
  }
}
