import type { XmlAttribute, XmlNode } from '../xml/tree.ts';
import { Context, remembering, type Fault, type Finish } from './context.ts';
import { listedNames } from './grammar.ts';
import type { AttributePattern, ElementPattern } from './pattern.ts';
import type { RepairState } from './repair-state.ts';
import type { Schema } from './schema.ts';
import { attributeLeaves, elementLeaves } from './survey.ts';
import { valuesOf } from './wording.ts';

/** Something that could be put into an element, and whether the element lacks it. */
export interface Candidate<Leaf> {
  readonly name: string;
  readonly leaf: Leaf;
  readonly required: boolean;
}

/**
 * Finds out what could stand at a place by trying: each candidate is put in, and offered when the document then
 * has no more mistakes than before, those after the place included.
 */
export class Probe {
  readonly #schema: Schema;
  readonly #context: Context;

  constructor(schema: Schema, context: Context) {
    this.#schema = schema;
    this.#context = context;
  }

  /** The elements that could stand before that one of the context's children. */
  elements(position: number): Candidate<ElementPattern>[] {
    const { children } = this.#context;
    const found = new Map<string, Candidate<ElementPattern>>();
    for (const leaf of this.#leaves()) {
      const content = this.#schema.content(leaf);
      const before = this.#context.afterChildren(this.#start(leaf), children.slice(0, position));
      const finish = this.#rest(children.slice(position));
      const now = finish(before);
      if (now === undefined) continue;
      for (const inner of elementLeaves(content)) {
        if (this.#schema.content(inner) === this.#schema.pool.notAllowed) continue;
        for (const name of listedNames(inner.nameClass)) {
          if (found.get(name)?.required === true) continue;
          const states = before.map((state) => this.#context.withElement(state, name, inner));
          const then = finish(Context.best(states.filter((state) => state !== undefined)));
          if (then === undefined || !this.#isFine(leaf, now, then)) continue;
          const required = then.missing < now.missing && then.misfits <= now.misfits;
          if (required || !found.has(name)) found.set(name, { name, leaf: inner, required });
        }
      }
    }
    return [...found.values()];
  }

  /** The attributes that the context's element could have besides its own; one of them is not counted. */
  attributes(but?: XmlAttribute): Candidate<AttributePattern>[] {
    const taken = new Set(
      this.#context.element.attributes.filter((each) => each !== but).map(({ key }) => key),
    );
    const found = new Map<string, Candidate<AttributePattern>>();
    for (const leaf of this.#leaves()) {
      const before = this.#context.afterAttributes(leaf, but);
      const finish = this.#restOfTag();
      const now = finish(before);
      if (now === undefined) continue;
      for (const inner of attributeLeaves(this.#schema.content(leaf))) {
        for (const name of listedNames(inner.nameClass)) {
          if (taken.has(name) || found.get(name)?.required === true) continue;
          const states = before.map((state) =>
            this.#context.withAttribute(state, name, (each) => each === inner),
          );
          const then = finish(Context.best(states.filter((state) => state !== undefined)));
          if (then === undefined || !this.#isFine(leaf, now, then)) continue;
          const required = then.missing < now.missing && then.misfits <= now.misfits;
          if (required || !found.has(name)) found.set(name, { name, leaf: inner, required });
        }
      }
    }
    return [...found.values()];
  }

  /** The values that an attribute could have, and whether others are allowed besides. */
  values(attribute: XmlAttribute): {
    readonly values: string[];
    readonly open: boolean;
    readonly leaves: AttributePattern[];
  } {
    const found = new Set<string>();
    const leaves = new Set<AttributePattern>();
    for (const leaf of this.#leaves()) {
      const before = this.#context.afterAttributes(leaf, attribute);
      const finish = this.#restOfTag();
      const now = finish(before);
      if (now === undefined) continue;
      const { derivation } = this.#schema;
      const inner = new Set(
        before.flatMap((state) => derivation.attributes(state.pattern, attribute.key).leaves),
      );
      for (const each of inner) leaves.add(each);
      for (const value of valuesOf([...inner].map(({ content }) => content)).values) {
        if (found.has(value)) continue;
        const allows = (each: AttributePattern): boolean => derivation.allowsValue(each, value);
        const states = before.map((state) => this.#context.withAttribute(state, attribute.key, allows));
        const then = finish(Context.best(states.filter((state) => state !== undefined)));
        if (then !== undefined && this.#isFine(leaf, now, then)) found.add(value);
      }
    }
    const { open } = valuesOf([...leaves].map(({ content }) => content));
    return { values: [...found], open, leaves: [...leaves] };
  }

  /** What the text of the context's element could be. */
  texts(): { readonly values: string[]; readonly open: boolean } {
    const { derivation } = this.#schema;
    const contents = this.#context.likely.flatMap((leaf) => this.#start(leaf).map(({ pattern }) => pattern));
    const { values, open } = valuesOf(contents);
    return {
      values: values.filter((value) => contents.some((each) => derivation.allowsText(each, value))),
      open,
    };
  }

  /** The likely leaves first, so that what they offer is found without looking further. */
  #leaves(): readonly ElementPattern[] {
    const { likely, leaves } = this.#context;
    return [...likely, ...leaves.filter((leaf) => !likely.includes(leaf))];
  }

  #start(leaf: ElementPattern): RepairState[] {
    return this.#context.endOfAttributes(this.#context.afterAttributes(leaf));
  }

  #rest(children: readonly XmlNode[]): Finish {
    return remembering((states) =>
      states.length === 0 ? undefined : this.#context.fault(this.#context.afterChildren(states, children)),
    );
  }

  #restOfTag(): Finish {
    const rest = this.#rest(this.#context.children);
    return remembering((states) =>
      states.length === 0 ? undefined : rest(this.#context.endOfAttributes(states)),
    );
  }

  /** Whether the document has no more misfits than before when the element is taken for this leaf. */
  #isFine(leaf: ElementPattern, now: Fault, then: Fault): boolean {
    if (this.#context.likely.includes(leaf)) return then.misfits <= now.misfits;
    const whole = this.#context.document(new Map([[leaf, then]]));
    return whole !== undefined && whole.misfits <= this.#context.current.misfits;
  }
}
