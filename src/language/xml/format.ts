import { applyEdits, type TextEdit } from './edit.ts';
import { isSpace } from './characters.ts';
import { parseDocument } from './parse.ts';
import type { TextRange, XmlDocument, XmlElement, XmlNode } from './tree.ts';

export interface FormatOptions {
  /** One level of indentation; libvirt's own is two spaces. */
  readonly unit?: string;
  /** Only lines that this touches are changed. */
  readonly range?: TextRange;
}

/**
 * Lays a document out as libvirt does: each element on a line of its own, two spaces a level, tags without spare
 * white space. Attributes keep their order and quotes, text stays as it is, a blank line between elements stays one
 * blank line. The meaning never changes: where an element holds text, all white space inside of it counts and is
 * kept. A text that is not well-formed comes back unchanged.
 */
export function format(text: string, options: FormatOptions = {}): string {
  return applyEdits(text, formatEdits(parseDocument(text), options));
}

/** The edits that format a document; only those that change something. */
export function formatEdits(document: XmlDocument, options: FormatOptions = {}): TextEdit[] {
  if (document.problems.length > 0) return [];
  const formatter = new Formatter(document, options.unit ?? '  ');
  formatter.nodes(document.children, 0, { start: 0, end: document.text.length }, true);
  const { range } = options;
  const { edits } = formatter;
  if (range === undefined) return edits;
  const from = document.text.lastIndexOf('\n', range.start - 1);
  const lineEnd = document.text.indexOf('\n', range.end);
  const to = lineEnd === -1 ? document.text.length : lineEnd;
  return edits.filter((edit) => edit.start >= Math.max(from, 0) && edit.end <= to);
}

class Formatter {
  readonly edits: TextEdit[] = [];
  readonly #text: string;
  readonly #unit: string;
  readonly #eol: string;

  constructor(document: XmlDocument, unit: string) {
    this.#text = document.text;
    this.#unit = unit;
    this.#eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** Lays out nodes between which white space means nothing, and the white space around them. */
  nodes(all: readonly XmlNode[], depth: number, around: TextRange, isTop: boolean): void {
    const nodes = all.filter((node) => node.kind !== 'text');
    const indent = this.#eol + this.#unit.repeat(depth);
    let end = around.start;
    for (const [index, node] of nodes.entries()) {
      const gap = this.#text.slice(end, node.start);
      if (isTop && index === 0)
        this.#replace(end, node.start, end === 0 && gap.startsWith('\uFEFF') ? '\uFEFF' : '');
      else if (staysOnItsLine(node, gap)) this.#replace(end, node.start, gap.trim() === gap ? gap : ' ');
      else this.#replace(end, node.start, (blankLines(gap) > 0 && index > 0 ? this.#eol : '') + indent);
      if (node.kind === 'element') this.#element(node, depth);
      ({ end } = node);
    }
    const closing = isTop ? this.#eol : this.#eol + this.#unit.repeat(Math.max(depth - 1, 0));
    if (nodes.length > 0) this.#replace(end, around.end, closing);
  }

  #element(element: XmlElement, depth: number): void {
    this.#tag(element);
    const { endTag } = element;
    if (endTag === undefined) return;
    this.#replace(endTag.nameEnd, endTag.end, '>');
    if (holdsText(element) || element.children.every((node) => node.kind === 'text')) return;
    this.nodes(element.children, depth + 1, { start: element.startTagEnd, end: endTag.start }, false);
  }

  #tag(element: XmlElement): void {
    let end = element.nameEnd;
    for (const attribute of element.attributes) {
      // Attributes on lines of their own were put there on purpose.
      if (!this.#text.slice(end, attribute.start).includes('\n')) this.#replace(end, attribute.start, ' ');
      const quote = attribute.valueStart - 1;
      this.#replace(attribute.nameEnd, quote, '=');
      ({ end } = attribute);
    }
    if (!this.#text.slice(end, element.startTagEnd).includes('\n'))
      this.#replace(end, element.startTagEnd, element.selfClosing ? '/>' : '>');
  }

  #replace(start: number, end: number, text: string): void {
    if (this.#text.slice(start, end) !== text) this.edits.push({ start, end, text });
  }
}

/** Whether white space inside the element is part of its text. */
function holdsText(element: XmlElement): boolean {
  return (
    element.attributes.some(({ name, value }) => name === 'xml:space' && value === 'preserve') ||
    element.children.some((node) => node.kind === 'cdata' || (node.kind === 'text' && !node.blank))
  );
}

/** A comment behind an element, on the same line, speaks of that element. */
function staysOnItsLine(node: XmlNode, gap: string): boolean {
  return node.kind === 'comment' && !gap.includes('\n') && gap !== '';
}

function blankLines(gap: string): number {
  let lines = 0;
  for (let at = 0; at < gap.length; at += 1) {
    const code = gap.charCodeAt(at);
    if (code === 0x0a) lines += 1;
    else if (!isSpace(code)) return 0;
  }
  return Math.max(lines - 1, 0);
}
