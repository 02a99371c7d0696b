import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import { nameMatches } from './grammar.ts';
import { Leaves } from './leaves.ts';
import type { Pattern } from './pattern.ts';
import type { Schema } from './schema.ts';
import { attributeLeaves, textualLeaves } from './survey.ts';
import { valuesOf } from './wording.ts';

/**
 * What a wrong value could be. It seldom tells which of several things of one name its element is, so that the values of
 * all of them count: a schema has one `<source>` for each protocol of a disk.
 */
export class Alternatives {
  readonly #schema: Schema;
  readonly #leaves: Leaves;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#leaves = new Leaves(schema);
  }

  /** `own` is what the value could be if the element is what it seems to be. */
  values(element: XmlElement, { key }: XmlAttribute, own: readonly Pattern[]): readonly Pattern[] {
    return withOthers(own, () =>
      this.#leaves
        .of(element)
        .flatMap((leaf) => attributeLeaves(this.#schema.content(leaf)))
        .filter(({ nameClass }) => nameMatches(nameClass, key))
        .map(({ content }) => content),
    );
  }

  texts(element: XmlElement, own: Pattern): readonly Pattern[] {
    return withOthers([own], () =>
      this.#leaves
        .of(element)
        .map((leaf) => this.#schema.content(leaf))
        .filter((content) => textualLeaves(content).length > 0),
    );
  }
}

/** Only lists of values have others beside them: a number stays a number. */
function withOthers(own: readonly Pattern[], others: () => readonly Pattern[]): readonly Pattern[] {
  return valuesOf(own).values.length === 0 ? own : [...new Set([...own, ...others()])];
}
