import { makeDataType, type DataType } from './datatype.ts';
import type { NameClass } from './grammar.ts';

/** What may follow at some place of a document. Equal patterns are the same object. */
export type Pattern =
  | EmptyPattern
  | NotAllowedPattern
  | TextPattern
  | ChoicePattern
  | GroupPattern
  | InterleavePattern
  | OneOrMorePattern
  | AttributePattern
  | ElementPattern
  | DataPattern
  | ValuePattern
  | ListPattern;

/** What is left of a pattern when an element or attribute of one name was met: one answer for each way it can be. */
export interface Steps<Leaf> {
  /** The patterns that one of that name could belong to here. */
  readonly leaves: readonly Leaf[];
  /** What is left, by the leaves that it does belong to. */
  readonly after: Map<string, Pattern>;
}

/** What was found out about a pattern, kept with it so that asking again costs next to nothing. */
export interface Memo {
  elementSteps: Map<string, Steps<ElementPattern>> | undefined;
  attributeSteps: Map<string, Steps<AttributePattern>> | undefined;
  withoutAttributes: Pattern | undefined;
  afterText: Pattern | undefined;
  /** Verdicts on short texts, for attributes. */
  verdicts: Map<string, boolean> | undefined;
}

interface Common extends Memo {
  readonly id: number;
  /** Whether it is content with nothing more. */
  readonly nullable: boolean;
  /** Whether attributes are mentioned outside of its elements. */
  readonly hasAttributes: boolean;
}

export interface EmptyPattern extends Common {
  readonly kind: 'empty';
}
export interface NotAllowedPattern extends Common {
  readonly kind: 'notAllowed';
}
export interface TextPattern extends Common {
  readonly kind: 'text';
}
export interface ChoicePattern extends Common {
  readonly kind: 'choice';
  readonly parts: readonly Pattern[];
}
export interface GroupPattern extends Common {
  readonly kind: 'group';
  readonly parts: readonly Pattern[];
}
export interface InterleavePattern extends Common {
  readonly kind: 'interleave';
  readonly parts: readonly Pattern[];
}
export interface OneOrMorePattern extends Common {
  readonly kind: 'oneOrMore';
  readonly part: Pattern;
}
export interface AttributePattern extends Common {
  readonly kind: 'attribute';
  readonly nameClass: NameClass;
  readonly content: Pattern;
}
export interface ElementPattern extends Common {
  readonly kind: 'element';
  readonly nameClass: NameClass;
  /** The node of its content in the compiled schema. It becomes a pattern only when it is asked for. */
  readonly node: number;
}
export interface DataPattern extends Common {
  readonly kind: 'data';
  readonly type: DataType;
  readonly except: Pattern | undefined;
}
export interface ValuePattern extends Common {
  readonly kind: 'value';
  readonly type: string;
  readonly value: string;
}
export interface ListPattern extends Common {
  readonly kind: 'list';
  readonly part: Pattern;
}

function common(id: number, nullable: boolean, hasAttributes: boolean): Common {
  return {
    id,
    nullable,
    hasAttributes,
    elementSteps: undefined,
    attributeSteps: undefined,
    withoutAttributes: undefined,
    afterText: undefined,
    verdicts: undefined,
  };
}

/** Makes patterns, each only once, and in the simplest form. */
export class PatternPool {
  readonly empty: EmptyPattern = { kind: 'empty', ...common(0, true, false) };
  readonly notAllowed: NotAllowedPattern = { kind: 'notAllowed', ...common(1, false, false) };
  readonly text: TextPattern = { kind: 'text', ...common(2, true, false) };
  readonly #known = new Map<string, Pattern>();
  #nextId = 3;

  /** How many patterns were made so far. */
  get size(): number {
    return this.#nextId;
  }

  choice(parts: readonly Pattern[]): Pattern {
    const flat = new Set<Pattern>();
    let hasEmpty = false;
    let nullable = false;
    for (const part of parts) {
      if (part === this.empty) hasEmpty = true;
      else if (part.kind === 'choice') {
        for (const inner of part.parts) {
          if (inner === this.empty) hasEmpty = true;
          else if (inner.nullable) nullable = true;
          if (inner !== this.empty) flat.add(inner);
        }
      } else if (part !== this.notAllowed) {
        if (part.nullable) nullable = true;
        flat.add(part);
      }
    }
    if (hasEmpty && !nullable) flat.add(this.empty);
    if (flat.size === 0) return hasEmpty ? this.empty : this.notAllowed;
    const sorted = [...flat];
    if (sorted.length === 1 && sorted[0] !== undefined) return sorted[0];
    sorted.sort(byId);
    return this.#compound('choice', sorted);
  }

  optional(part: Pattern): Pattern {
    return this.choice([this.empty, part]);
  }

  group(parts: readonly Pattern[]): Pattern {
    const flat = this.#flatten('group', parts);
    if (flat === undefined) return this.notAllowed;
    if (flat.length <= 1) return flat[0] ?? this.empty;
    return this.#compound('group', flat);
  }

  interleave(parts: readonly Pattern[]): Pattern {
    const flat = this.#flatten('interleave', parts);
    if (flat === undefined) return this.notAllowed;
    if (flat.length <= 1) return flat[0] ?? this.empty;
    return this.#compound('interleave', flat.toSorted(byId));
  }

  /** The parts without those that say nothing; undefined when one of them cannot be. */
  #flatten(kind: 'group' | 'interleave', parts: readonly Pattern[]): Pattern[] | undefined {
    const flat: Pattern[] = [];
    for (const part of parts) {
      if (part === this.notAllowed) return undefined;
      if (part === this.empty) continue;
      if (part.kind === kind) flat.push(...part.parts);
      else flat.push(part);
    }
    return flat;
  }

  #compound(kind: 'choice' | 'group' | 'interleave', parts: readonly Pattern[]): Pattern {
    let key: string = kind;
    for (const part of parts) key += ` ${part.id}`;
    return this.#once(key, (id) => {
      const nullable =
        kind === 'choice' ? parts.some((part) => part.nullable) : parts.every((part) => part.nullable);
      return {
        kind,
        parts,
        ...common(
          id,
          nullable,
          parts.some((part) => part.hasAttributes),
        ),
      };
    });
  }

  oneOrMore(part: Pattern): Pattern {
    if (part.kind === 'oneOrMore' || part === this.empty || part === this.notAllowed || part === this.text)
      return part;
    return this.#once(`+ ${part.id}`, (id) => ({
      kind: 'oneOrMore',
      part,
      ...common(id, part.nullable, part.hasAttributes),
    }));
  }

  list(part: Pattern): Pattern {
    if (part === this.notAllowed) return part;
    // not for people: a key
    return this.#once(`list ${part.id}`, (id) => ({ kind: 'list', part, ...common(id, false, false) }));
  }

  attribute(nameClass: NameClass, content: Pattern): Pattern {
    if (content === this.notAllowed) return content;
    return this.#once(`@${JSON.stringify(nameClass)} ${content.id}`, (id) => ({
      kind: 'attribute',
      nameClass,
      content,
      ...common(id, false, true),
    }));
  }

  element(nameClass: NameClass, node: number): Pattern {
    return this.#once(`<${JSON.stringify(nameClass)} ${node}`, (id) => ({
      kind: 'element',
      nameClass,
      node,
      ...common(id, false, false),
    }));
  }

  value(type: string, value: string): Pattern {
    return this.#once(`=${type} ${value}`, (id) => ({
      kind: 'value',
      type,
      value,
      ...common(id, false, false),
    }));
  }

  data(type: string, facets: DataType['facets'], except: Pattern | undefined): Pattern {
    // not for people: a key
    return this.#once(`data ${type} ${JSON.stringify(facets)} ${except?.id ?? ''}`, (id) => ({
      kind: 'data',
      type: makeDataType(type, facets),
      except,
      ...common(id, false, false),
    }));
  }

  #once(key: string, make: (id: number) => Pattern): Pattern {
    let pattern = this.#known.get(key);
    if (pattern === undefined) {
      pattern = make(this.#nextId);
      this.#nextId += 1;
      this.#known.set(key, pattern);
    }
    return pattern;
  }
}

function byId(a: Pattern, b: Pattern): number {
  return a.id - b.id;
}
