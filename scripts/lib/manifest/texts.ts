/** The words of package.json: each has a key there, and stands in English in package.nls.json. */
export class Texts {
  readonly #keys = new Map<string, string>();

  /** In the order in which they were met. */
  get english(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#keys].map(([text, key]) => [key, text]));
  }

  /** What package.json has in the place of a text. The same text has one key, so that it is translated once. */
  reference(key: string, text: string): string {
    const known = this.#keys.get(text);
    if (known !== undefined) return `%${known}%`;
    if ([...this.#keys.values()].includes(key))
      throw new Error(`Two texts of the manifest have the key ${key}`);
    this.#keys.set(text, key);
    return `%${key}%`;
  }

  /** A copy of a contribution with references in the place of what people read: the properties that are named. */
  extract(value: unknown, key: string, properties: readonly string[]): unknown {
    if (Array.isArray(value))
      return value.map((each: unknown, index) => {
        const name = nameOf(each);
        // A view has a text for each case in which it is empty.
        const isFirst = value.findIndex((other) => nameOf(other) === name) === index;
        const part = name === undefined ? String(index) : isFirst ? name : `${name}.${index}`;
        return this.extract(each, join(key, part), properties);
      });
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]: [string, unknown]) => {
        if (typeof each !== 'string') return [name, this.extract(each, join(key, name), properties)];
        return [name, properties.includes(name) ? this.reference(keyFor(key, name), each) : each];
      }),
    );
  }
}

/** JSON schemas have these between the names that people know. */
const STRUCTURE = new Set(['configurationAttributes', 'configurationSnippets', 'items', 'properties']);

function join(key: string, name: string): string {
  return STRUCTURE.has(name) ? key : `${key}.${name}`;
}

/** An item has one description in most cases: its kind says nothing to a translator. */
function keyFor(key: string, property: string): string {
  return /description$/iu.test(property) ? key : `${key}.${property}`;
}

/** What tells the items of a list apart, for a key that stays when another comes before it. */
function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { id, view, type, label } = item as Partial<Record<string, unknown>>;
  const name = [id, view, type, label].find((each) => typeof each === 'string');
  return name?.replaceAll(/[^\w.]+/gu, '-');
}
