import { Analysis } from '../../../src/language/schema/analysis.ts';
import { complete, type Completion } from '../../../src/language/schema/complete.ts';
import { Context } from '../../../src/language/schema/context.ts';
import { isNotAllowed } from '../../../src/language/schema/diagnostic.ts';
import type { Schema } from '../../../src/language/schema/schema.ts';
import { firstValueSlot, writeSkeleton } from '../../../src/language/schema/skeleton.ts';
import { attributeLeaves } from '../../../src/language/schema/survey.ts';
import { validate } from '../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../src/language/xml/parse.ts';
import type { TextRange, XmlElement } from '../../../src/language/xml/tree.ts';

class Tally {
  asked = 0;
  found = 0;

  count(hit: boolean): void {
    this.asked += 1;
    if (hit) this.found += 1;
  }

  get share(): number {
    return this.asked === 0 ? 1 : this.found / this.asked;
  }
}

/** Inserting is dearer than asking, and tried less often. */
const INSERT_EVERY = 7;

/**
 * Takes one thing out of a valid document and asks what could stand in its place: what was there has to be offered,
 * and nothing offered may be refused once it is put in. Names that the schema leaves free cannot be offered.
 */
export class Recall {
  readonly elements = new Tally();
  readonly attributes = new Tally();
  readonly values = new Tally();
  violations = 0;
  #seen = 0;
  #asked = 0;

  /** Asks about every so many parts of a document. */
  add(text: string, schema: Schema, stride: number): void {
    const analysis = new Analysis(parseDocument(text), schema);
    for (const element of analysis.document.elements) {
      const { leaves } = Context.of(analysis, element);
      if (
        element.parent !== undefined &&
        this.#isNext(stride) &&
        leaves.some((leaf) => leaf.nameClass === element.key)
      )
        this.#element(text, schema, element);
      for (const attribute of element.attributes) {
        const listed = leaves.some((leaf) =>
          attributeLeaves(schema.content(leaf)).some((each) => each.nameClass === attribute.key),
        );
        if (!listed || !this.#isNext(stride)) continue;
        const { completion, cut } = without(text, attribute, schema);
        this.attributes.count(
          completion.items.some((item) => item.kind === 'attribute' && item.name === attribute.name),
        );
        this.#insert(cut, attribute.start, completion, schema);
        const value = without(
          text,
          { start: attribute.valueStart, end: attribute.valueEnd },
          schema,
        ).completion;
        if (value.items.length > 0 && !value.open)
          this.values.count(
            value.items.some((item) => item.kind === 'value' && item.value === attribute.value),
          );
      }
    }
  }

  #isNext(stride: number): boolean {
    this.#seen += 1;
    return this.#seen % stride === 0;
  }

  #element(text: string, schema: Schema, element: XmlElement): void {
    const { completion, cut } = without(text, element, schema);
    this.elements.count(
      completion.items.some((item) => item.kind === 'element' && item.name === element.name),
    );
    this.#insert(cut, element.start, completion, schema);
  }

  #insert(text: string, at: number, completion: Completion, schema: Schema): void {
    this.#asked += 1;
    if (this.#asked % INSERT_EVERY !== 0) return;
    const before = refused(text, schema);
    for (const item of completion.items) {
      let insert = '';
      if (item.kind === 'element') insert = writeSkeleton(item.skeleton, firstValueSlot);
      else if (item.kind === 'attribute') insert = ` ${item.name}='${item.value.values[0] ?? ''}' `;
      if (insert !== '' && refused(text.slice(0, at) + insert + text.slice(at), schema) > before)
        this.violations += 1;
    }
  }
}

function without(
  text: string,
  { start, end }: TextRange,
  schema: Schema,
): { readonly completion: Completion; readonly cut: string } {
  const cut = text.slice(0, start) + text.slice(end);
  return { completion: complete(new Analysis(parseDocument(cut), schema), start), cut };
}

function refused(text: string, schema: Schema): number {
  return validate(parseDocument(text), schema).filter(isNotAllowed).length;
}
