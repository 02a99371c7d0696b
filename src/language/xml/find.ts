import { attributeOf, childElement, textOf, type XmlAttribute, type XmlElement } from './tree.ts';

/** The element at the end of a path of (expanded) names below an element, the first of each name: `cpu/numa`. */
export function elementBelow(element: XmlElement, path: string): XmlElement | undefined {
  let found: XmlElement | undefined = element;
  for (const key of path.split('/')) found = found && childElement(found, key);
  return found;
}

/** An attribute of the element itself (`type`), or of one below it (`os/type@arch`). */
export function attributeBelow(element: XmlElement, path: string): XmlAttribute | undefined {
  const [first = '', name] = path.split('@');
  if (name === undefined) return attributeOf(element, first);
  const owner = elementBelow(element, first);
  return owner && attributeOf(owner, name);
}

export function valueBelow(element: XmlElement, path: string): string | undefined {
  return attributeBelow(element, path)?.value;
}

/** The text of the element at a path, without the white space around it; empty when there is none. */
export function textBelow(element: XmlElement, path: string): string {
  const found = elementBelow(element, path);
  return found === undefined ? '' : textOf(found).trim();
}
