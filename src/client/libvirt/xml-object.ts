import { t } from '@vscode/l10n';
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

/** Descriptions of large hosts and appliances have some 100 KB. libvirt sends no more than this. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** Tags and attributes: a host of a thousand CPUs is described by some 10,000. More of them would take a second. */
const MAX_PARTS = 120_000;

/** A text is larger than any that was not made to be: reading it would stop all else for seconds. */
export class XmlTooLargeError extends Error {
  override readonly name = 'XmlTooLargeError';

  constructor() {
    super(
      t(
        'A description is not read: it has more than {0} tags and attributes, or {1} MiB.',
        MAX_PARTS,
        MAX_LENGTH / 1024 ** 2,
      ),
    );
  }
}

/**
 * For reading facts out of libvirt's XML where offsets do not matter. Takes time in step with the text, and less than
 * a second. @throws XmlTooLargeError, or Error when it is not XML.
 */
export function parseXml(xml: string): XmlObject {
  if (isTooLarge(xml)) throw new XmlTooLargeError();
  return parser.parse(xml) as XmlObject;
}

function isTooLarge(xml: string): boolean {
  if (xml.length > MAX_LENGTH) return true;
  const tags = countOf(xml, '<', MAX_PARTS + 1);
  return tags + countOf(xml, '=', MAX_PARTS + 1 - tags) > MAX_PARTS;
}

/** How often a mark is in a text, counted up to a limit. */
function countOf(text: string, mark: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1 && count < limit; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
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
