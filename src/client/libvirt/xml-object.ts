import { XMLParser } from 'fast-xml-parser';

/** A parsed element: attributes under `@name`, children by name without prefix, text under `#text`. */
export type XmlObject = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // What a daemon or file says is not to be expanded beyond XML's own five entities.
  processEntities: true,
});

/** For reading facts out of libvirt's XML where offsets do not matter. @throws Error when it is not XML. */
export function parseXml(xml: string): XmlObject {
  return parser.parse(xml) as XmlObject;
}

/** The first child of that name, an empty object when there is none. */
export function child(element: XmlObject, name: string): XmlObject {
  return children(element, name)[0] ?? {};
}

/** All children of that name. */
export function children(element: XmlObject, name: string): readonly XmlObject[] {
  const value = element[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(asObject);
}

/** The text of a child (or attribute, as `@name`), undefined when it is missing or empty. */
export function text(element: XmlObject, name: string): string | undefined {
  const value: unknown = Array.isArray(element[name]) ? (element[name] as unknown[])[0] : element[name];
  const found = typeof value === 'object' && value !== null ? (value as XmlObject)['#text'] : value;
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function asObject(value: unknown): XmlObject {
  return typeof value === 'object' && value !== null ? (value as XmlObject) : { '#text': value };
}
