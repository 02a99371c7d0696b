import { splitExpandedName } from '../xml/namespaces.ts';
import { Derivation } from './derive.ts';
import { elementsBelow, partOf } from './grammar-parts.ts';
import { listedNames, SCHEMA_FORMAT, SchemaError, type CompiledSchema } from './grammar.ts';
import { PatternPool, type ElementPattern, type Pattern } from './pattern.ts';
import { Verdicts } from './verdicts.ts';

/** Past this many patterns what was remembered is thrown away: odd documents must not fill the memory. */
const MAX_PATTERNS = 60_000;

/**
 * A schema ready for use. Contents of elements become patterns only when a document asks for them, and what was
 * found out is remembered for the next document: keep one for as long as documents of its kind are open.
 */
export class Schema {
  readonly #compiled: CompiledSchema;
  #pool = new PatternPool();
  #derivation = new Derivation(this.#pool);
  #built = new Map<number, Pattern>();
  #contents = new Map<ElementPattern, Pattern>();
  #seen = new Verdicts();
  #namespaces: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly #building = new Set<number>();
  readonly #parts = new Map<string, Schema | undefined>();

  /** @throws SchemaError when it was compiled by another version */
  constructor(compiled: CompiledSchema) {
    if (compiled.format !== SCHEMA_FORMAT)
      throw new SchemaError(`The compiled schema has another format than ${String(SCHEMA_FORMAT)}`);
    this.#compiled = compiled;
  }

  get pool(): PatternPool {
    return this.#pool;
  }

  get derivation(): Derivation {
    return this.#derivation;
  }

  /** What is known of elements of other texts. */
  get seen(): Verdicts {
    return this.#seen;
  }

  /** The pattern of a whole document. */
  get start(): Pattern {
    return this.#build(this.#compiled.start);
  }

  /** What an element of this pattern may hold: attributes and content. */
  content(element: ElementPattern): Pattern {
    let content = this.#contents.get(element);
    if (content === undefined) {
      content = this.#build(element.node);
      this.#contents.set(element, content);
    }
    return content;
  }

  /** The namespaces of the schema's elements, each with the names in it; without those of elements that have none. */
  get namespaces(): ReadonlyMap<string, ReadonlySet<string>> {
    return (this.#namespaces ??= namespacesIn(this.#compiled));
  }

  /** The schema of what elements of a name hold, each as a document of its own; undefined when there is no such element. */
  part(holder: string, except: ReadonlySet<string>): Schema | undefined {
    if (!this.#parts.has(holder)) {
      const compiled = partOf(this.#compiled, holder, except);
      this.#parts.set(holder, compiled && new Schema(compiled));
    }
    return this.#parts.get(holder);
  }

  /** The names of what an element of this pattern may hold, in the order in which the schema speaks of them. */
  childNames(element: ElementPattern): readonly string[] {
    const names = new Set<string>();
    for (const node of elementsBelow(this.#compiled, element.node))
      for (const name of listedNames(node.names)) names.add(name);
    return [...names];
  }

  /** Forgets what is remembered when it has grown too much. Call it between documents, never within one. */
  trim(): void {
    if (this.#pool.size < MAX_PATTERNS) return;
    this.#pool = new PatternPool();
    this.#derivation = new Derivation(this.#pool);
    this.#built = new Map();
    this.#contents = new Map();
    this.#seen = new Verdicts();
  }

  #build(id: number): Pattern {
    const known = this.#built.get(id);
    if (known !== undefined) return known;
    if (this.#building.has(id)) throw new SchemaError('A definition of the schema refers to itself');
    this.#building.add(id);
    try {
      const pattern = this.#make(id);
      this.#built.set(id, pattern);
      return pattern;
    } finally {
      this.#building.delete(id);
    }
  }

  #make(id: number): Pattern {
    const pool = this.#pool;
    const node = this.#compiled.nodes[id];
    if (node === undefined) throw new SchemaError('The compiled schema is damaged');
    switch (node[0]) {
      case 'empty':
      case 'text':
      case 'notAllowed':
        return pool[node[0]];
      case 'choice':
      case 'group':
      case 'interleave': {
        const [kind, ...parts] = node;
        return pool[kind](parts.map((part) => this.#build(part)));
      }
      case 'oneOrMore':
      case 'list':
        return pool[node[0]](this.#build(node[1]));
      case 'ref':
        return this.#build(this.#compiled.defines[node[1]] ?? -1);
      case 'element':
        return pool.element(node[1], node[2]);
      case 'attribute':
        return pool.attribute(node[1], this.#build(node[2]));
      case 'value':
        return pool.value(node[1], node[2]);
      case 'data':
        return pool.data(node[1], node[2], node[3] === null ? undefined : this.#build(node[3]));
    }
  }
}

function namespacesIn({ nodes }: CompiledSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (node[0] !== 'element') continue;
    for (const name of listedNames(node[1])) {
      const { namespace, local } = splitExpandedName(name);
      if (namespace === '') continue;
      const names = found.get(namespace) ?? new Set();
      found.set(namespace, names.add(local));
    }
  }
  return found;
}
