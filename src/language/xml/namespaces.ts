const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** The namespace declarations in force at some element; immutable, each level points at the one around it. */
export class NamespaceScope {
  static readonly outermost = new NamespaceScope(undefined, new Map([['xml', XML_NAMESPACE]]));

  readonly #outer: NamespaceScope | undefined;
  readonly #bindings: ReadonlyMap<string, string>;

  private constructor(outer: NamespaceScope | undefined, bindings: ReadonlyMap<string, string>) {
    this.#outer = outer;
    this.#bindings = bindings;
  }

  /** A scope inside this one; the empty prefix is the default namespace. */
  with(bindings: ReadonlyMap<string, string>): NamespaceScope {
    return new NamespaceScope(this, bindings);
  }

  /** The namespace of a prefix: empty for none, undefined when nothing declares the prefix. */
  resolve(prefix: string): string | undefined {
    const found = this.#bindings.get(prefix);
    if (found !== undefined) return found === '' && prefix !== '' ? undefined : found;
    if (this.#outer !== undefined) return this.#outer.resolve(prefix);
    return prefix === '' ? '' : undefined;
  }
}

/** A name as the tree keeps it: `local`, or `{namespace}local`. */
export function expandedName(namespace: string, local: string): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}

/** Takes an expanded name apart. */
export function splitExpandedName(key: string): { readonly namespace: string; readonly local: string } {
  const end = key.startsWith('{') ? key.lastIndexOf('}') : -1;
  return end === -1
    ? { namespace: '', local: key }
    : { namespace: key.slice(1, end), local: key.slice(end + 1) };
}

/** The prefix of a name as it is written; empty when it has none. */
export function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? '' : name.slice(0, colon);
}
