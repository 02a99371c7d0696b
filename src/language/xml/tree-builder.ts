import { t } from '@vscode/l10n';
import { describeBadReference } from './bad-reference.ts';
import { decode, normaliseLines, type BadReference, writtenOffsets } from './entities.ts';
import { Indentation } from './indentation.ts';
import { NamespaceScope } from './namespaces.ts';
import { oncePerPrefix, type Report, resolveNames } from './resolve-names.ts';
import type {
  XmlAttribute,
  XmlDoctype,
  XmlDocument,
  XmlElement,
  XmlEndTag,
  XmlNode,
  XmlProblem,
  XmlProblemCode,
} from './tree.ts';
import { shortName } from './short-name.ts';

/** libxml2, and so libvirt, refuses what is nested deeper. */
export const MAX_DEPTH = 256;
/** libvirt's own documents have some 10,000; more than these would take an editor longer than anybody waits. */
const MAX_PARTS = 100_000;
/** A child may be handed on from each element around it to the next. */
const MAX_MOVED = 4 * MAX_PARTS;
const MAX_PROBLEMS = 500;
const MAX_ATTRIBUTES = 1000;

/** Puts the parser's pieces together, and guesses where elements end that nobody closed. */
export class TreeBuilder {
  readonly #text: string;
  readonly #top: XmlNode[] = [];
  readonly #elements: XmlElement[] = [];
  readonly #problems: XmlProblem[] = [];
  readonly #scopes: NamespaceScope[] = [NamespaceScope.outermost];
  readonly #report: Report = oncePerPrefix((...problem) => this.problem(...problem));
  #current: XmlElement | undefined;
  #depth = 0;
  /** Start tags beyond the depth that is kept; their end tags are skipped. */
  #skipped = 0;
  #parts = 0;
  #moved = 0;
  #full = false;
  #root: XmlElement | undefined;
  #sawDoctype = false;
  #reportedContent = false;
  #indentation: Indentation | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Nothing more is taken. */
  get full(): boolean {
    return this.#full;
  }

  problem(code: XmlProblemCode, start: number, end: number, message: string, element?: XmlElement): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push(
      element === undefined ? { code, start, end, message } : { code, start, end, message, element },
    );
  }

  badReference(offset: number, raw: string, bad: BadReference): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    const start = offset + bad.index;
    const { code, message } = describeBadReference(raw, bad, this.#sawDoctype);
    this.problem(code, start, start + bad.length, message);
  }

  node(node: XmlNode): void {
    if (this.#hasRoom(node.start)) (this.#current?.children ?? this.#top).push(node);
  }

  /** Counts a part of the document that starts here; false when there are too many. */
  #hasRoom(start: number): boolean {
    if (this.#full) return false;
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) {
      this.#full = true;
      this.problem(
        'too-large',
        start,
        start + 1,
        t('A document of more than {0} tags, texts and attributes is not read to its end.', MAX_PARTS),
      );
    }
    return !this.#full;
  }

  text(start: number, end: number): void {
    const raw = this.#text.slice(start, end);
    const blank = isBlank(raw);
    if (this.#current === undefined) {
      if (!blank) this.#outsideRoot(start, end, 'text');
      this.node({ kind: 'text', start, end, value: raw, blank });
      return;
    }
    if (blank) return this.node({ kind: 'text', start, end, value: normaliseLines(raw), blank });
    const close = raw.indexOf(']]>');
    if (close !== -1)
      this.problem(
        'stray-character',
        start + close,
        start + close + 3,
        t('Write “]]&gt;” for “]]>” in text.'),
      );
    let offsets: ReturnType<typeof writtenOffsets> | undefined;
    const value = decode(normaliseLines(raw), (bad) => {
      offsets ??= writtenOffsets(raw);
      this.badReference(start, raw, { ...bad, index: offsets(bad.index) });
    });
    this.node({ kind: 'text', start, end, value, blank: false });
  }

  cdata(start: number, end: number, value: string): void {
    if (this.#current === undefined) this.#outsideRoot(start, end, 'cdata');
    this.node({ kind: 'cdata', start, end, value });
  }

  doctype(node: XmlDoctype): void {
    if (this.#current !== undefined || this.#root !== undefined || this.#sawDoctype)
      this.problem(
        'bad-declaration',
        node.start,
        node.end,
        t('A document type must come before the first element, and only once.'),
      );
    this.#sawDoctype = true;
    this.node(node);
  }

  #outsideRoot(start: number, end: number, kind: 'text' | 'cdata'): void {
    if (this.#reportedContent) return;
    this.#reportedContent = true;
    const raw = this.#text.slice(start, end);
    const from = start + (raw.length - raw.trimStart().length);
    const to = from + Math.min(raw.trim().length, 200);
    if (this.#root === undefined)
      this.problem(
        'stray-character',
        from,
        to,
        kind === 'text'
          ? t('Text is not allowed before the first element.')
          : t('A CDATA section is not allowed before the first element.'),
      );
    else
      this.problem(
        'content-after-root',
        from,
        to,
        kind === 'text'
          ? t('Text is not allowed after </{0}>.', shortName(this.#root.name))
          : t('A CDATA section is not allowed after </{0}>.', shortName(this.#root.name)),
      );
  }

  /** Starts an element; undefined when it is nested too deeply or there are too many. */
  open(name: string, start: number, nameEnd: number): XmlElement | undefined {
    if (this.#depth >= MAX_DEPTH) {
      if (this.#skipped === 0)
        this.problem(
          'too-deep',
          start,
          nameEnd,
          t('Elements may not be nested more than {0} deep.', MAX_DEPTH),
        );
      this.#skipped += 1;
      return undefined;
    }
    const element: XmlElement = {
      kind: 'element',
      name,
      key: name,
      index: this.#elements.length,
      start,
      end: nameEnd,
      nameStart: start + 1,
      nameEnd,
      attributes: [],
      startTagEnd: nameEnd,
      startTagClosed: false,
      selfClosing: false,
      endTag: undefined,
      children: [],
      parent: this.#current,
    };
    if (this.#current === undefined) {
      if (this.#root === undefined) this.#root = element;
      else if (!this.#reportedContent) {
        this.#reportedContent = true;
        this.problem(
          'content-after-root',
          start,
          nameEnd,
          t('A document has only one root element: <{0}> is a second one.', shortName(name)),
        );
      }
    }
    this.node(element);
    if (this.#full) return undefined;
    this.#elements.push(element);
    return element;
  }

  /** Adds an attribute; false when there are too many parts already. */
  attribute(element: XmlElement, attribute: XmlAttribute): boolean {
    this.#parts += 1;
    const count = element.attributes.length;
    if (count < MAX_ATTRIBUTES) element.attributes.push(attribute);
    if (count === MAX_ATTRIBUTES - 1)
      this.problem(
        'too-large',
        attribute.start,
        attribute.end,
        t('No more attributes of this element are read.'),
      );
    return this.#parts <= MAX_PARTS;
  }

  /** Ends a start tag at an offset: from here on everything is the element's content, unless it closed itself. */
  startTag(element: XmlElement, end: number, closed: boolean, selfClosing: boolean): void {
    element.startTagEnd = end;
    element.startTagClosed = closed;
    element.selfClosing = selfClosing;
    element.end = end;
    const outer = this.#scopes.at(-1) ?? NamespaceScope.outermost;
    const scope = resolveNames(element, outer, this.#report);
    if (selfClosing) return;
    this.#current = element;
    this.#scopes.push(scope);
    this.#depth += 1;
  }

  close(tag: XmlEndTag): void {
    const { name } = tag;
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    const current = this.#current;
    if (current !== undefined && current.name === name) return this.#end(current, tag, tag.end);
    // What closes nothing is part of nothing, but it takes its time.
    if (!this.#hasRoom(tag.start)) return;
    if (name === '') {
      const message =
        current === undefined
          ? t('“</” needs the name of the element that it closes.')
          : t('“</” needs a name to close <{0}>.', shortName(current.name));
      this.problem('unclosed-tag', tag.start, tag.end, message, current);
      return;
    }
    let target = current;
    while (target !== undefined && target.name !== name) target = target.parent;
    if (current !== undefined && this.#looksLikeTheEndOf(current, target, tag)) {
      // One that breaks off is told of already.
      if (tag.end < this.#text.length || !current.name.startsWith(name) || tag.end > tag.nameEnd)
        this.problem(
          'mismatched-end-tag',
          tag.start,
          tag.end,
          t('</{0}> does not match <{1}>.', shortName(name), shortName(current.name)),
          current,
        );
      this.#end(current, tag, tag.end);
      return;
    }
    if (target === undefined) {
      this.problem('stray-end-tag', tag.start, tag.end, t('</{0}> closes nothing.', shortName(name)));
      return;
    }
    const limit = this.#beforeSpace(tag.start);
    for (let open = this.#current; open !== undefined && open !== target; open = this.#current)
      this.#endUnclosed(open, limit);
    this.#end(target, tag, tag.end);
  }

  /** An end tag of another name, where the current element's own should be. */
  #looksLikeTheEndOf(current: XmlElement, named: XmlElement | undefined, tag: XmlEndTag): boolean {
    const indentation = (this.#indentation ??= new Indentation(this.#text));
    const width = indentation.widthAt(tag.start);
    const sameLine = indentation.lineOf(current.start) === indentation.lineOf(tag.start);
    const lineUp = sameLine || indentation.widthAt(current.start) === width;
    if (named === undefined) return lineUp;
    return !sameLine && lineUp && indentation.widthAt(named.start) !== width;
  }

  #end(element: XmlElement, tag: XmlEndTag | undefined, end: number): void {
    element.endTag = tag;
    element.end = end;
    this.#current = element.parent;
    this.#scopes.pop();
    this.#depth -= 1;
  }

  /**
   * Ends an element that nobody closed. Nobody indents an element less than the one around it, so the first child
   * that starts a line no deeper than the element itself, and all behind it, are siblings that it had swallowed.
   */
  #endUnclosed(element: XmlElement, limit: number, isTold = false): void {
    if (element.startTagClosed && !isTold)
      this.problem(
        'unclosed-element',
        element.start,
        element.startTagEnd,
        t('<{0}> is not closed.', shortName(element.name)),
        element,
      );
    const indentation = (this.#indentation ??= new Indentation(this.#text));
    const width = indentation.widthAt(element.start);
    const line = indentation.lineOf(element.start);
    const { children } = element;
    const first = children.findIndex(
      (child) =>
        child.kind === 'element' &&
        indentation.lineOf(child.start) > line &&
        indentation.widthAt(child.start) <= width,
    );
    let end = limit;
    const count = children.length - first;
    if (first !== -1 && this.#moved + count <= MAX_MOVED) {
      this.#moved += count;
      const swallowed = children.splice(first);
      const siblings = element.parent?.children ?? this.#top;
      for (const node of swallowed) {
        if (node.kind === 'element') node.parent = element.parent;
        siblings.push(node);
      }
      end = swallowed[0]?.start ?? limit;
    }
    const last = children.at(-1);
    const contentStart =
      last?.kind === 'text' ? Math.max(last.start, element.startTagEnd) : element.startTagEnd;
    end = Math.max(this.#beforeSpace(end), Math.min(end, contentStart));
    this.#end(element, undefined, Math.max(end, element.startTagEnd));
  }

  /** The offset behind the last character before this one that is no white space. */
  #beforeSpace(offset: number): number {
    let end = offset;
    while (end > 0 && isSpaceAt(this.#text, end - 1)) end -= 1;
    return end;
  }

  /** Where the text breaks off, that is one mistake, however many elements are open there. */
  #endAll(): void {
    const length = this.#beforeSpace(this.#text.length);
    let isTold = this.#problems.some(({ end }) => end >= length);
    for (let open = this.#current; open !== undefined; open = this.#current) {
      if (!isTold && open.startTagClosed) {
        isTold = true;
        const { parent } = open;
        this.problem(
          'unclosed-element',
          open.start,
          open.startTagEnd,
          parent === undefined
            ? t('<{0}> is not closed: the document ends before its end tag.', shortName(open.name))
            : t(
                '<{0}> and the <{1}> around it are not closed: the document ends before their end tags.',
                shortName(open.name),
                shortName(parent.name),
              ),
          open,
        );
      }
      this.#endUnclosed(open, length, true);
    }
  }

  finish(): XmlDocument {
    this.#endAll();
    if (this.#root === undefined && this.#problems.length === 0) {
      const at = Math.max(this.#text.trimEnd().length - 1, 0);
      this.problem('no-root', at, Math.min(at + 1, this.#text.length), t('The document has no element.'));
    }
    return {
      text: this.#text,
      children: this.#top,
      root: this.#root,
      elements: this.#elements,
      problems: this.#problems.toSorted((a, b) => a.start - b.start || a.end - b.end),
    };
  }
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isSpaceAt(text, at)) return false;
  return true;
}

function isSpaceAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}
