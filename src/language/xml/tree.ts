/**
 * An XML document as a person is typing it: every part knows where it stands. Offsets count UTF-16 units from
 * the start of the text, as VS Code and JavaScript strings do; `end` is the offset behind the last one.
 */

/** Something between two offsets of a document's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type XmlProblemCode =
  | 'attribute-without-value'
  | 'bad-character'
  | 'bad-comment'
  | 'bad-declaration'
  | 'bad-entity'
  | 'bad-name'
  | 'content-after-root'
  | 'duplicate-attribute'
  | 'missing-space'
  | 'mismatched-end-tag'
  | 'no-root'
  | 'stray-character'
  | 'stray-end-tag'
  | 'too-deep'
  | 'too-large'
  | 'unbound-prefix'
  | 'unclosed-element'
  | 'unclosed-tag'
  | 'unclosed-value'
  | 'unquoted-value'
  | 'unterminated'
  | 'unsupported-entity';

/** What keeps a text from being well-formed XML, with a sentence for a person. */
export interface XmlProblem extends TextRange {
  readonly code: XmlProblemCode;
  readonly message: string;
  /** The element it speaks of, for `unclosed-element`, `unclosed-tag` and `mismatched-end-tag`. */
  readonly element?: XmlElement;
}

export interface XmlAttribute extends TextRange {
  readonly kind: 'attribute';
  /** As written, with its prefix. */
  readonly name: string;
  /** Expanded: `local`, or `{namespace}local`. Declarations of namespaces have an empty one. */
  key: string;
  readonly nameEnd: number;
  /** Inside the quotes. Both are `nameEnd` when there is no value. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Empty when the value is missing or not quoted. */
  readonly quote: '"' | "'" | '';
  /** Decoded and normalised as XML says. */
  readonly value: string;
}

export interface XmlEndTag extends TextRange {
  /** As written: another than the element's where the two do not match. */
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
}

export interface XmlElement extends TextRange {
  readonly kind: 'element';
  /** As written, with its prefix. */
  readonly name: string;
  /** Expanded: `local`, or `{namespace}local`. */
  key: string;
  /** Position among the document's elements, in the order of their start tags. */
  readonly index: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly attributes: XmlAttribute[];
  /** Behind the start tag's `>`, or where the tag breaks off. */
  startTagEnd: number;
  /** Whether the start tag has its `>`. */
  startTagClosed: boolean;
  selfClosing: boolean;
  endTag: XmlEndTag | undefined;
  /** Behind the end tag; for an element that has none, where its content seems to end. */
  end: number;
  readonly children: XmlNode[];
  parent: XmlElement | undefined;
}

export interface XmlText extends TextRange {
  readonly kind: 'text';
  /** Decoded. */
  readonly value: string;
  /** Nothing but white space. */
  readonly blank: boolean;
}

export interface XmlCdata extends TextRange {
  readonly kind: 'cdata';
  readonly value: string;
}

export interface XmlComment extends TextRange {
  readonly kind: 'comment';
}

/** The XML declaration, too, is kept as one. */
export interface XmlInstruction extends TextRange {
  readonly kind: 'instruction';
  readonly target: string;
}

export interface XmlDoctype extends TextRange {
  readonly kind: 'doctype';
}

export type XmlNode = XmlElement | XmlText | XmlCdata | XmlComment | XmlInstruction | XmlDoctype;

export interface XmlDocument {
  readonly text: string;
  /** Everything at the top: the root element, comments, instructions, white space. */
  readonly children: readonly XmlNode[];
  /** The first element; undefined when there is none. */
  readonly root: XmlElement | undefined;
  /** Every element in the order of their start tags; an element's `index` is its place here. */
  readonly elements: readonly XmlElement[];
  /** In the order of their offsets. Empty for a well-formed document. */
  readonly problems: readonly XmlProblem[];
}

/** The element's child elements, in order. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((node) => node.kind === 'element');
}

/** The first child element of that (expanded) name. */
export function childElement(element: XmlElement, key: string): XmlElement | undefined {
  for (const node of element.children) if (node.kind === 'element' && node.key === key) return node;
  return undefined;
}

/** The attribute of that (expanded) name. */
export function attributeOf(element: XmlElement, key: string): XmlAttribute | undefined {
  return element.attributes.find((attribute) => attribute.key === key);
}

/** The text directly inside an element, decoded, white space kept. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const node of element.children) if (node.kind === 'text' || node.kind === 'cdata') text += node.value;
  return text;
}
