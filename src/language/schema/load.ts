import { parseDocument } from '../xml/parse.ts';
import { attributeOf, childElements, textOf, type XmlElement } from '../xml/tree.ts';
import { SCHEMA_FORMAT, SchemaError, type CompiledSchema, type GrammarNode } from './grammar.ts';
import { readNameClass, RELAXNG, relaxngName } from './rng-names.ts';

/** What is inherited from the elements around one in a schema file. */
interface Surroundings {
  readonly file: string;
  readonly namespace: string;
  readonly library: string;
}

interface Part {
  readonly element: XmlElement;
  readonly around: Surroundings;
  readonly combine: string | undefined;
}

/** A definition, or the start: one or several parts that are combined. */
interface Definition {
  readonly name: string;
  readonly parts: Part[];
  index: number | undefined;
}

interface Scope {
  readonly outer: Scope | undefined;
  readonly definitions: Map<string, Definition>;
}

const START = '';
const MAX_INCLUDES = 64;

/**
 * Loads a RelaxNG schema in XML syntax. `read` gives the text of a schema file by its path relative to the first
 * one's folder (`domain.rng`).
 * @throws SchemaError when the schema cannot be used
 */
export function loadSchema(file: string, read: (file: string) => string): CompiledSchema {
  return new Loader(read).load(file);
}

class Loader {
  readonly #read: (file: string) => string;
  readonly #files = new Map<string, XmlElement>();
  readonly #nodes: GrammarNode[] = [];
  readonly #ids = new Map<string, number>();
  readonly #defines: number[] = [];
  readonly #pending: { definition: Definition; scope: Scope; index: number }[] = [];
  #nesting = 0;

  constructor(read: (file: string) => string) {
    this.#read = read;
  }

  load(file: string): CompiledSchema {
    const root = this.#open(file);
    const start = this.#pattern(root, undefined, inherit(root, { file, namespace: '', library: '' }));
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop())
      this.#defines[next.index] = this.#combined(next.definition, next.scope);
    return { format: SCHEMA_FORMAT, nodes: this.#nodes, defines: this.#defines, start };
  }

  #open(file: string): XmlElement {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const document = parseDocument(this.#read(file));
    const problem = document.problems[0];
    if (problem !== undefined) throw new SchemaError(`${file}: ${problem.message}`);
    if (document.root === undefined || relaxngName(document.root) === undefined)
      throw new SchemaError(`${file} is not a RelaxNG schema`);
    this.#files.set(file, document.root);
    return document.root;
  }

  #node(node: GrammarNode): number {
    const key = JSON.stringify(node);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#nodes.push(node) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }

  #pattern(element: XmlElement, scope: Scope | undefined, around: Surroundings): number {
    const name = relaxngName(element);
    switch (name) {
      case 'empty':
      case 'text':
      case 'notAllowed':
        return this.#node([name]);
      case 'choice':
      case 'group':
      case 'interleave':
        return this.#children(element, scope, around, name);
      case 'optional':
        return this.#optional(this.#children(element, scope, around));
      case 'oneOrMore':
      case 'list':
        return this.#node([name, this.#children(element, scope, around)]);
      case 'zeroOrMore':
        return this.#optional(this.#node(['oneOrMore', this.#children(element, scope, around)]));
      case 'mixed':
        return this.#node(['interleave', this.#node(['text']), this.#children(element, scope, around)]);
      case 'element':
      case 'attribute':
        return this.#named(element, name, scope, around);
      case 'value':
        return this.#value(element, around);
      case 'data':
        return this.#data(element, scope, around);
      case 'ref':
      case 'parentRef':
        return this.#reference(element, name === 'ref' ? scope : scope?.outer, around);
      case 'grammar':
        return this.#grammar(element, scope, around);
      case 'externalRef':
        return this.#external(element, around);
      default:
        throw new SchemaError(`${around.file}: <${element.name}> has no place in a pattern`);
    }
  }

  #optional(id: number): number {
    return this.#node(['choice', this.#node(['empty']), id]);
  }

  #children(
    element: XmlElement,
    scope: Scope | undefined,
    around: Surroundings,
    combine: 'choice' | 'group' | 'interleave' = 'group',
    skip = 0,
  ): number {
    const ids = patterns(element)
      .slice(skip)
      .map((child) => this.#pattern(child, scope, inherit(child, around)));
    if (ids.length === 0 && combine !== 'choice') return this.#node(['empty']);
    return ids.length === 1 && ids[0] !== undefined ? ids[0] : this.#node([combine, ...ids]);
  }

  #named(
    element: XmlElement,
    kind: 'element' | 'attribute',
    scope: Scope | undefined,
    around: Surroundings,
  ): number {
    const { nameClass, children } = readNameClass(element, kind, around);
    const isBare = kind === 'attribute' && patterns(element).length === children;
    const content = isBare ? this.#node(['text']) : this.#children(element, scope, around, 'group', children);
    return this.#node([kind, nameClass, content]);
  }

  #value(element: XmlElement, around: Surroundings): number {
    const type = plain(element, 'type');
    // Without a type it is RelaxNG's own token, whatever the library around it.
    return this.#node(['value', type === undefined ? 'token' : typeName(type, around), textOf(element)]);
  }

  #data(element: XmlElement, scope: Scope | undefined, around: Surroundings): number {
    const type = plain(element, 'type');
    if (type === undefined) throw new SchemaError(`${around.file}: <data> without a type`);
    const facets: [string, string][] = [];
    let except: number | null = null;
    for (const child of patterns(element)) {
      if (relaxngName(child) === 'param') facets.push([plain(child, 'name') ?? '', textOf(child)]);
      else if (relaxngName(child) === 'except')
        except = this.#children(child, scope, inherit(child, around), 'choice');
    }
    return this.#node(['data', typeName(type, around), facets, except]);
  }

  #reference(element: XmlElement, scope: Scope | undefined, around: Surroundings): number {
    const name = plain(element, 'name') ?? '';
    const definition = scope?.definitions.get(name);
    if (scope === undefined || definition === undefined || name === START)
      throw new SchemaError(`${around.file}: nothing defines “${name}”`);
    if (definition.index === undefined) {
      definition.index = this.#defines.push(-1) - 1;
      this.#pending.push({ definition, scope, index: definition.index });
    }
    return this.#node(['ref', definition.index]);
  }

  #grammar(element: XmlElement, outer: Scope | undefined, around: Surroundings): number {
    const scope: Scope = { outer, definitions: new Map() };
    this.#collect(element, scope, around, new Set());
    const start = scope.definitions.get(START);
    if (start === undefined) throw new SchemaError(`${around.file}: the grammar has no start`);
    return this.#combined(start, scope);
  }

  #collect(element: XmlElement, scope: Scope, around: Surroundings, overridden: ReadonlySet<string>): void {
    for (const child of patterns(element)) {
      const inner = inherit(child, around);
      const kind = relaxngName(child);
      if (kind === 'div') this.#collect(child, scope, inner, overridden);
      else if (kind === 'include') this.#include(child, scope, inner, overridden);
      else if (kind === 'define' || kind === 'start') {
        const name = kind === 'start' ? START : (plain(child, 'name') ?? '');
        if (overridden.has(name)) continue;
        const part = { element: child, around: inner, combine: plain(child, 'combine') };
        const known = scope.definitions.get(name);
        if (known === undefined) scope.definitions.set(name, { name, parts: [part], index: undefined });
        else known.parts.push(part);
      } else {
        throw new SchemaError(`${inner.file}: <${child.name}> has no place in a grammar`);
      }
    }
  }

  #include(element: XmlElement, scope: Scope, around: Surroundings, overridden: ReadonlySet<string>): void {
    const replaced = new Set(overridden);
    collectNames(element, replaced);
    this.#enter(element, around, (root, inner) => {
      if (relaxngName(root) !== 'grammar') throw new SchemaError(`${inner.file} is not a grammar`);
      this.#collect(root, scope, inner, replaced);
    });
    this.#collect(element, scope, around, overridden);
  }

  #external(element: XmlElement, around: Surroundings): number {
    return this.#enter(element, around, (root, inner) => this.#pattern(root, undefined, inner));
  }

  #enter<T>(element: XmlElement, around: Surroundings, use: (root: XmlElement, inner: Surroundings) => T): T {
    const href = plain(element, 'href');
    if (href === undefined) throw new SchemaError(`${around.file}: <${element.name}> without href`);
    this.#nesting += 1;
    if (this.#nesting > MAX_INCLUDES)
      throw new SchemaError(`${around.file}: schemas include each other without end`);
    const file = resolveFile(around.file, href);
    const root = this.#open(file);
    // Only the namespace goes through a reference to another file, and an include not even that.
    const namespace = relaxngName(element) === 'externalRef' ? around.namespace : '';
    const result = use(root, inherit(root, { file, namespace, library: '' }));
    this.#nesting -= 1;
    return result;
  }

  #combined(definition: Definition, scope: Scope): number {
    const ids = definition.parts.map(({ element, around }) => this.#children(element, scope, around));
    if (ids.length === 1 && ids[0] !== undefined) return ids[0];
    const hows = new Set(definition.parts.map(({ combine }) => combine).filter((how) => how !== undefined));
    const [how] = hows;
    const bare = definition.parts.filter(({ combine }) => combine === undefined).length;
    if (hows.size !== 1 || bare > 1 || (how !== 'choice' && how !== 'interleave')) {
      const file = definition.parts[0]?.around.file ?? '';
      throw new SchemaError(`${file}: “${definition.name || 'start'}” is defined more than once`);
    }
    return this.#node([how, ...ids]);
  }
}

/** The children that are RelaxNG's, without annotations and names given as elements' text. */
function patterns(element: XmlElement): XmlElement[] {
  return childElements(element).filter((child) => child.key.startsWith(`{${RELAXNG}}`));
}

function plain(element: XmlElement, name: string): string | undefined {
  return attributeOf(element, name)?.value.trim();
}

function inherit(element: XmlElement, around: Surroundings): Surroundings {
  const namespace = attributeOf(element, 'ns')?.value;
  const library = plain(element, 'datatypeLibrary');
  if (namespace === undefined && library === undefined) return around;
  return { file: around.file, namespace: namespace ?? around.namespace, library: library ?? around.library };
}

const XSD = 'http://www.w3.org/2001/XMLSchema-datatypes';

/** `string` and `token` are RelaxNG's own; types of XML Schema are `xsd:` and their name. */
function typeName(type: string, around: Surroundings): string {
  if (around.library === '' && (type === 'string' || type === 'token')) return type;
  if (around.library === XSD) return `xsd:${type}`;
  throw new SchemaError(`${around.file}: there is no type “${type}” in “${around.library}”`);
}

function collectNames(element: XmlElement, names: Set<string>): void {
  for (const child of patterns(element)) {
    const kind = relaxngName(child);
    if (kind === 'div') collectNames(child, names);
    else if (kind === 'start') names.add(START);
    else if (kind === 'define') names.add(plain(child, 'name') ?? '');
  }
}

function resolveFile(base: string, href: string): string {
  const parts = base.split('/').slice(0, -1);
  for (const part of href.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
