import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './tree.ts';

/** The innermost element whose tags or content the offset is in or at the edge of; undefined outside of the root. */
export function elementAt(document: XmlDocument, offset: number): XmlElement | undefined {
  let found: XmlElement | undefined;
  let nodes = document.children;
  for (;;) {
    const inner = childAt(nodes, offset);
    if (inner?.kind !== 'element') return found;
    found = inner;
    if (offset < inner.startTagEnd) return found;
    nodes = inner.children;
  }
}

/** The node among siblings that the offset is inside of: behind its first character and before its end. */
function childAt(nodes: readonly XmlNode[], offset: number): XmlNode | undefined {
  let low = 0;
  let high = nodes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const node = nodes[middle];
    if (node === undefined || offset <= node.start) high = middle - 1;
    else if (offset >= endOf(node)) low = middle + 1;
    else return node;
  }
  return undefined;
}

/** An element that is not closed still holds what is typed right behind it. */
function endOf(node: XmlNode): number {
  const isOpen = node.kind === 'element' && !node.selfClosing && node.endTag === undefined;
  return isOpen ? node.end + 1 : node.end;
}

/** Where in a document an offset is: what an editor has to know before it can complete or explain. */
export interface Location {
  readonly place:
    /** Between tags, or in text. */
    | 'content'
    /** In the name of a start tag, or right behind `<`. */
    | 'tag-name'
    /** In a start tag, but in none of its attributes. */
    | 'tag'
    | 'attribute-name'
    /** Between the quotes. */
    | 'attribute-value'
    /** In an end tag. */
    | 'end-tag'
    /** In a comment, CDATA section, instruction or document type. */
    | 'other';
  /** The element whose tag it is; in content, the element around. Undefined outside of the root. */
  readonly element: XmlElement | undefined;
  readonly attribute?: XmlAttribute;
  /** The node that the offset is in, when it is in none of the element's tags. */
  readonly node?: XmlNode;
}

export function locate(document: XmlDocument, offset: number): Location {
  const element = elementAt(document, offset);
  if (element === undefined) return inContent(undefined, document.children, offset);
  if (offset <= element.nameEnd) return { place: 'tag-name', element };
  if (offset < element.startTagEnd || (!element.startTagClosed && offset <= element.startTagEnd))
    return inStartTag(element, offset);
  const { endTag } = element;
  if (endTag !== undefined && offset > endTag.start) return { place: 'end-tag', element };
  return inContent(element, element.children, offset);
}

function inStartTag(element: XmlElement, offset: number): Location {
  for (const attribute of element.attributes) {
    if (offset < attribute.start || offset > attribute.end) continue;
    if (offset <= attribute.nameEnd) return { place: 'attribute-name', element, attribute };
    if (
      offset >= attribute.valueStart &&
      offset <= attribute.valueEnd &&
      attribute.valueStart > attribute.nameEnd
    )
      return { place: 'attribute-value', element, attribute };
  }
  return { place: 'tag', element };
}

function inContent(element: XmlElement | undefined, nodes: readonly XmlNode[], offset: number): Location {
  const node = childAt(nodes, offset);
  if (node === undefined) return { place: 'content', element };
  return { place: node.kind === 'text' ? 'content' : 'other', element, node };
}

/** The elements from the root down to this one. */
export function pathTo(element: XmlElement): XmlElement[] {
  const path: XmlElement[] = [];
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) path.push(at);
  return path.toReversed();
}
