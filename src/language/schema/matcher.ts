import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import type { ElementPattern, Pattern } from './pattern.ts';
import type { Schema } from './schema.ts';

/** Longer elements change with most keystrokes. */
const MAX_REMEMBERED = 4_000;

interface Verdict {
  readonly leaf: ElementPattern;
  readonly holds: boolean;
  readonly next: Verdict | undefined;
}

/**
 * Says of each element whether it is what an element pattern asks for. That is all a valid document needs, and it
 * is quick; what is wrong with an invalid one is found out afterwards. Verdicts are kept for one tree.
 */
export class Matcher {
  readonly #schema: Schema;
  readonly #verdicts: (Verdict | undefined)[] = [];
  /** The document's text, where elements of it that are written the same are the same. */
  readonly #text: string | undefined;

  constructor(schema: Schema, document: XmlDocument) {
    this.#schema = schema;
    this.#text = isPlain(document) ? document.text : undefined;
  }

  matches(element: XmlElement, leaf: ElementPattern): boolean {
    const first = this.#verdicts[element.index];
    for (let verdict = first; verdict !== undefined; verdict = verdict.next)
      if (verdict.leaf === leaf) return verdict.holds;
    const holds = this.#recall(element, leaf);
    this.#verdicts[element.index] = { leaf, holds, next: first };
    return holds;
  }

  /** The leaves that an element belongs to, of those that its name allows. */
  matching(element: XmlElement, leaves: readonly ElementPattern[]): readonly ElementPattern[] {
    const [only] = leaves;
    if (leaves.length === 1 && only !== undefined) return this.matches(element, only) ? leaves : [];
    return leaves.filter((leaf) => this.matches(element, leaf));
  }

  /** Most of a document is as it was before the last keystroke. */
  #recall(element: XmlElement, leaf: ElementPattern): boolean {
    const { start, end, children } = element;
    if (this.#text === undefined || children.length < 2 || end - start > MAX_REMEMBERED)
      return this.#check(element, leaf);
    const { seen } = this.#schema;
    const written = this.#text.slice(start, end);
    let holds = seen.get(leaf, written);
    if (holds === undefined) {
      holds = this.#check(element, leaf);
      seen.set(leaf, written, holds);
    }
    return holds;
  }

  #check(element: XmlElement, leaf: ElementPattern): boolean {
    const { derivation, pool } = this.#schema;
    let pattern = this.#schema.content(leaf);
    for (const { key, value } of element.attributes) {
      if (key === '') continue;
      const { leaves } = derivation.attributes(pattern, key);
      const [only] = leaves;
      if (only === undefined) return false;
      const met =
        leaves.length === 1
          ? derivation.allowsValue(only, value)
            ? leaves
            : []
          : leaves.filter((each) => derivation.allowsValue(each, value));
      if (met.length === 0) return false;
      pattern = derivation.afterAttribute(pattern, key, met);
    }
    pattern = derivation.withoutAttributes(pattern);
    return pattern !== pool.notAllowed && this.#checkContent(element, pattern);
  }

  #checkContent(element: XmlElement, content: Pattern): boolean {
    const { derivation, pool } = this.#schema;
    let pattern = content;
    let text = '';
    let hasElements = false;
    for (const node of element.children) {
      if (node.kind === 'text' || node.kind === 'cdata') {
        text += node.value;
      } else if (node.kind === 'element') {
        if (text !== '') {
          if (!isBlank(text)) pattern = derivation.afterText(pattern);
          text = '';
        }
        hasElements = true;
        const met = this.matching(node, derivation.elements(pattern, node.key).leaves);
        if (met.length === 0) return false;
        pattern = derivation.afterElement(pattern, node.key, met);
        if (pattern === pool.notAllowed) return false;
      }
    }
    if (!hasElements) return derivation.allowsText(pattern, text);
    if (!isBlank(text)) pattern = derivation.afterText(pattern);
    return pattern.nullable;
  }
}

/** Whether the content of an element follows from its text alone: it has no mistakes and uses no prefixes. */
function isPlain({ problems, text, root }: XmlDocument): boolean {
  return problems.length === 0 && root?.key === root?.name && !text.includes('xmlns');
}

export function isBlank(text: string): boolean {
  return !/[^\t\n\r ]/.test(text);
}
