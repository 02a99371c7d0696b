import { t } from '@vscode/l10n';
import { forbiddenCharacters, isNamePart, isNameStart, isSpace } from './characters.ts';
import { decode, normaliseLines, normaliseValue } from './entities.ts';
import { scanDoctype, scanInstruction } from './prolog.ts';
import { TreeBuilder } from './tree-builder.ts';
import type { XmlAttribute, XmlDocument, XmlElement } from './tree.ts';
import { shortName } from './short-name.ts';

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;

/** Longer texts are refused: libvirt itself takes documents of up to 10 MB, and writes ones of some 100 KB. */
export const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * Parses any text whatever as XML and never throws. What is wrong is in the document's problems, and the tree
 * holds what the text most likely meant. Time and memory are linear in the length, and bounded: entities of a
 * DTD are not expanded, and what is too long, too deep or has too many parts is cut with a problem.
 */
export function parseDocument(text: string): XmlDocument {
  const builder = new TreeBuilder(text);
  if (text.length > MAX_LENGTH) {
    builder.problem('too-large', 0, 0, t('The document is larger than {0} MB.', MAX_LENGTH / 1024 / 1024));
    return builder.finish();
  }
  for (const at of forbiddenCharacters(text, 100)) {
    const code = text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase();
    builder.problem('bad-character', at, at + 1, t('XML does not allow the character U+{0}.', code));
  }
  new Parser(text, builder).run();
  return builder.finish();
}

class Parser {
  readonly #text: string;
  readonly #length: number;
  readonly #builder: TreeBuilder;
  #at = 0;

  constructor(text: string, builder: TreeBuilder) {
    this.#text = text;
    this.#length = text.length;
    this.#builder = builder;
  }

  run(): void {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < this.#length && !this.#builder.full) {
      if (this.#text.charCodeAt(this.#at) === LESS_THAN && this.#startsMarkup()) this.#markup();
      else this.#characters();
    }
  }

  /** Whether the `<` here starts something; else it is a character that should have been escaped. */
  #startsMarkup(): boolean {
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === SLASH || next === 0x21 || next === 0x3f || isNameStart(next);
  }

  #markup(): void {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (next === SLASH) this.#endTag();
    else if (next === 0x3f) this.#at = scanInstruction(this.#text, this.#at, this.#builder);
    else if (next === 0x21) this.#declaration();
    else this.#startTag();
  }

  #characters(): void {
    const start = this.#at;
    let end = start;
    for (;;) {
      end = this.#text.indexOf('<', end);
      if (end === -1) end = this.#length;
      this.#at = end;
      if (end >= this.#length || this.#startsMarkup()) break;
      this.#builder.problem('stray-character', end, end + 1, t('Write “&lt;” for a “<” that starts no tag.'));
      end += 1;
    }
    this.#builder.text(start, end);
  }

  #declaration(): void {
    const start = this.#at;
    if (this.#text.startsWith('<!--', start)) return this.#comment(start);
    if (this.#text.startsWith('<![CDATA[', start)) {
      const close = this.#text.indexOf(']]>', start + 9);
      const contentEnd = close === -1 ? this.#length : close;
      this.#at = close === -1 ? this.#length : close + 3;
      if (close === -1) this.#unterminated(start, t('This CDATA section has no closing “]]>”.'));
      const value = normaliseLines(this.#text.slice(start + 9, contentEnd));
      return this.#builder.cdata(start, this.#at, value);
    }
    if (/^<!DOCTYPE(?![A-Za-z])/.test(this.#text.slice(start, start + 10))) {
      this.#at = scanDoctype(this.#text, start, this.#builder);
      return;
    }
    this.#builder.problem(
      'stray-character',
      start,
      start + 2,
      t('“<!” must start a comment or a CDATA section.'),
    );
    this.#at = start + 2;
    this.#builder.text(start, this.#at);
  }

  #comment(start: number): void {
    const close = this.#text.indexOf('-->', start + 4);
    this.#at = close === -1 ? this.#length : close + 3;
    if (close === -1) this.#unterminated(start, t('This comment has no closing “-->”.'));
    const dashes = this.#text.indexOf('--', start + 4);
    if (dashes !== -1 && dashes < (close === -1 ? this.#length : close))
      this.#builder.problem('bad-comment', dashes, dashes + 2, t('A comment may not contain “--”.'));
    else if (close !== -1 && close > start + 4 && this.#text.charCodeAt(close - 1) === 0x2d)
      this.#builder.problem('bad-comment', close - 1, close + 3, t('A comment may not end with “--->”.'));
    this.#builder.node({ kind: 'comment', start, end: this.#at });
  }

  #unterminated(start: number, message: string): void {
    const lineEnd = this.#text.indexOf('\n', start);
    const until = lineEnd === -1 ? this.#length : lineEnd;
    this.#builder.problem('unterminated', start, until, message);
  }

  #name(): string {
    const start = this.#at;
    let at = start + 1;
    while (at < this.#length && isNamePart(this.#text.charCodeAt(at))) at += 1;
    this.#at = at;
    return this.#text.slice(start, at);
  }

  /** Steps over white space and tells whether there was any. */
  #space(): boolean {
    const start = this.#at;
    let at = start;
    while (at < this.#length && isSpace(this.#text.charCodeAt(at))) at += 1;
    this.#at = at;
    return at > start;
  }

  #startTag(): void {
    const start = this.#at;
    this.#at = start + 1;
    const name = this.#name();
    const element = this.#builder.open(name, start, this.#at);
    if (element === undefined) return;
    this.#attributes(element);
    this.#finishStartTag(element);
  }

  #attributes(element: XmlElement): void {
    for (;;) {
      const before = this.#at;
      const spaced = this.#space();
      const code = this.#text.charCodeAt(this.#at);
      if (this.#at >= this.#length || code === GREATER_THAN || code === LESS_THAN || code === SLASH) {
        // Where a tag breaks off, what follows belongs to the content.
        if (code === LESS_THAN || this.#at >= this.#length) this.#at = before;
        return;
      }
      if (!isNameStart(code)) {
        this.#junk();
        continue;
      }
      if (!spaced)
        this.#builder.problem(
          'missing-space',
          this.#at,
          this.#at + 1,
          t('A space is missing before this attribute.'),
        );
      const attribute = this.#attribute();
      if (!this.#builder.attribute(element, attribute)) return;
    }
  }

  /** Characters that have no place in a start tag, reported together. */
  #junk(): void {
    const start = this.#at;
    while (this.#at < this.#length) {
      const code = this.#text.charCodeAt(this.#at);
      if (isSpace(code) || code === GREATER_THAN || code === LESS_THAN || code === SLASH || isNameStart(code))
        break;
      this.#at += 1;
    }
    const junk = this.#text.slice(start, Math.min(this.#at, start + 20));
    this.#builder.problem(
      'stray-character',
      start,
      this.#at,
      t('“{0}” is not allowed in a tag.', shortName(junk)),
    );
  }

  #attribute(): XmlAttribute {
    const start = this.#at;
    const name = this.#name();
    const nameEnd = this.#at;
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== EQUALS) {
      this.#at = nameEnd;
      this.#builder.problem(
        'attribute-without-value',
        start,
        nameEnd,
        t('The attribute “{0}” has no value.', shortName(name)),
      );
      return makeAttribute(name, start, nameEnd, nameEnd, nameEnd, nameEnd, '', '');
    }
    const equals = this.#at;
    this.#at += 1;
    this.#space();
    const code = this.#text.charCodeAt(this.#at);
    if (code === 0x22 || code === 0x27)
      return this.#quotedValue(name, start, nameEnd, code === 0x22 ? '"' : "'");
    return this.#bareValue(name, start, nameEnd, equals);
  }

  #quotedValue(name: string, start: number, nameEnd: number, quote: '"' | "'"): XmlAttribute {
    const valueStart = this.#at + 1;
    const close = this.#text.indexOf(quote, valueStart);
    let valueEnd = close;
    let end = close + 1;
    // Looked for in the value only: to the text's end it may be far, again for each attribute.
    const inside = close === -1 ? '' : this.#text.slice(valueStart, close);
    const open = inside.indexOf('<');
    // A “<” before the closing quote: either it should be escaped, or the closing quote was forgotten.
    if (close === -1 || (open !== -1 && inside.includes('\n'))) {
      valueEnd = this.#forgottenQuote(valueStart);
      end = valueEnd;
      this.#builder.problem(
        'unclosed-value',
        valueStart - 1,
        valueEnd,
        quote === '"'
          ? t('The value of “{0}” has no closing double quote.', shortName(name))
          : t('The value of “{0}” has no closing single quote.', shortName(name)),
      );
    } else if (open !== -1) {
      const at = valueStart + open;
      this.#builder.problem('stray-character', at, at + 1, t('Write “&lt;” for a “<” in a value.'));
    }
    this.#at = end;
    const raw = this.#text.slice(valueStart, valueEnd);
    const value = decode(normaliseValue(raw), (bad) => this.#builder.badReference(valueStart, raw, bad));
    return makeAttribute(name, start, nameEnd, valueStart, valueEnd, end, quote, value);
  }

  /** Where a value ends that has no closing quote: before the tag's end, the next tag, or the line's end. */
  #forgottenQuote(valueStart: number): number {
    let at = valueStart;
    while (at < this.#length) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x0a || code === LESS_THAN || code === GREATER_THAN) break;
      at += 1;
    }
    if (
      this.#text.charCodeAt(at) === GREATER_THAN &&
      this.#text.charCodeAt(at - 1) === SLASH &&
      at - 1 >= valueStart
    )
      at -= 1;
    return at;
  }

  #bareValue(name: string, start: number, nameEnd: number, equals: number): XmlAttribute {
    const valueStart = this.#at;
    while (this.#at < this.#length) {
      const code = this.#text.charCodeAt(this.#at);
      if (isSpace(code) || code === GREATER_THAN || code === LESS_THAN) break;
      if (code === SLASH && this.#text.charCodeAt(this.#at + 1) === GREATER_THAN) break;
      this.#at += 1;
    }
    const raw = this.#text.slice(valueStart, this.#at);
    if (raw === '') {
      this.#at = equals + 1;
      this.#builder.problem(
        'attribute-without-value',
        start,
        this.#at,
        t('The attribute “{0}” has no value.', shortName(name)),
      );
      return makeAttribute(name, start, nameEnd, this.#at, this.#at, this.#at, '', '');
    }
    this.#builder.problem(
      'unquoted-value',
      valueStart,
      this.#at,
      t('The value of “{0}” needs quotes.', shortName(name)),
    );
    return makeAttribute(name, start, nameEnd, valueStart, this.#at, this.#at, '', decode(raw));
  }

  #finishStartTag(element: XmlElement): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code === SLASH && this.#at < this.#length) {
      const closed = this.#text.charCodeAt(this.#at + 1) === GREATER_THAN;
      this.#at += closed ? 2 : 1;
      if (!closed)
        this.#builder.problem(
          'unclosed-tag',
          this.#at - 1,
          this.#at,
          t('A “>” is missing after “/”.'),
          element,
        );
      this.#builder.startTag(element, this.#at, closed, true);
      return;
    }
    const closed = code === GREATER_THAN;
    if (closed) this.#at += 1;
    else if (!this.#breaksOffIn(element.attributes.at(-1)))
      this.#builder.problem(
        'unclosed-tag',
        element.start,
        this.#at,
        t('The tag <{0} has no “>”.', shortName(element.name)),
        element,
      );
    this.#builder.startTag(element, this.#at, closed, false);
  }

  /** Whether the tag only has no end since its last attribute has none, which is told of already. */
  #breaksOffIn(last: XmlAttribute | undefined): boolean {
    if (last === undefined || last.end < this.#at) return false;
    const isUnclosed = last.quote !== '' && last.valueEnd === last.end;
    return isUnclosed || (last.quote === '' && last.valueStart === last.valueEnd && this.#at >= this.#length);
  }

  #endTag(): void {
    const start = this.#at;
    this.#at = start + 2;
    const nameStart = this.#at;
    const name = isNameStart(this.#text.charCodeAt(this.#at)) ? this.#name() : '';
    const nameEnd = this.#at;
    this.#space();
    if (this.#text.charCodeAt(this.#at) === GREATER_THAN) {
      this.#at += 1;
    } else {
      this.#at = nameEnd;
      if (name !== '')
        this.#builder.problem(
          'unclosed-tag',
          start,
          nameEnd,
          t('The tag </{0} has no “>”.', shortName(name)),
        );
    }
    this.#builder.close({ name, start, end: this.#at, nameStart, nameEnd });
  }
}

function makeAttribute(
  name: string,
  start: number,
  nameEnd: number,
  valueStart: number,
  valueEnd: number,
  end: number,
  quote: '"' | "'" | '',
  value: string,
): XmlAttribute {
  return { kind: 'attribute', name, key: name, start, end, nameEnd, valueStart, valueEnd, quote, value };
}
