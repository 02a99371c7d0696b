import type { XmlDocument } from '../xml/tree.ts';
import { Effort } from './effort.ts';
import { Matcher } from './matcher.ts';
import type { ElementPattern } from './pattern.ts';
import { Repairer } from './repair.ts';
import type { Repair } from './repair-state.ts';
import type { Schema } from './schema.ts';

const MAX_TRIALS = 60_000;

/** One document looked at through one schema. Make a new one after every change of the text; it costs little. */
export class Analysis {
  readonly document: XmlDocument;
  readonly schema: Schema;
  readonly matcher: Matcher;
  readonly repairer: Repairer;
  /** For trying what would mend it: all that is tried with one document takes as long as finding what is wrong. */
  readonly trials = new Effort(MAX_TRIALS);

  constructor(document: XmlDocument, schema: Schema) {
    schema.trim();
    this.document = document;
    this.schema = schema;
    this.matcher = new Matcher(schema, document);
    this.repairer = new Repairer(schema, this.matcher);
  }

  /** The patterns that the root element could belong to by its name. */
  get rootLeaves(): readonly ElementPattern[] {
    const { root } = this.document;
    return root === undefined ? [] : this.schema.derivation.elements(this.schema.start, root.key).leaves;
  }

  /** Whether the document is well-formed XML and valid. */
  get isValid(): boolean {
    const { root, problems } = this.document;
    if (root === undefined || problems.length > 0) return false;
    return this.matcher.matching(root, this.rootLeaves).length > 0;
  }

  /** What is wrong with the document; undefined when its root is none of the schema's. */
  rootRepair(): Repair | undefined {
    const { root } = this.document;
    return root === undefined ? undefined : this.repairer.repairs(root, this.rootLeaves)[0];
  }
}
