import { attributeOf, childElement, textOf, type XmlElement } from '../../../language/xml/tree.ts';

/** Which attribute of which child tells an element from its siblings. */
const TELLTALES: Readonly<Record<string, readonly (readonly [child: string, attribute: string])[]>> = {
  disk: [['target', 'dev']],
  interface: [
    ['mac', 'address'],
    ['target', 'dev'],
    ['source', 'network'],
    ['source', 'bridge'],
  ],
  filesystem: [['target', 'dir']],
  channel: [
    ['target', 'name'],
    ['target', 'type'],
  ],
  console: [['target', 'type']],
  serial: [['target', 'port']],
  parallel: [['target', 'port']],
  video: [['model', 'type']],
  tpm: [['backend', 'type']],
  hostdev: [['source', 'address']],
};

/** Attributes that name an element, the most telling first. */
const NAMING = ['name', 'id', 'type', 'model', 'dev', 'order', 'mode', 'bus', 'address', 'family', 'index'];

/** What an outline shows of an element besides its name: “vda” of a disk. Empty when there is nothing to show. */
export function outlineName(element: XmlElement): string {
  if (element.key === 'hostdev') return hostDevice(element);
  if (element.key === 'controller' || element.key === 'address') return typeAndIndex(element);
  for (const [child, attribute] of TELLTALES[element.key] ?? []) {
    const found = childElement(element, child);
    const value = found && attributeOf(found, attribute)?.value;
    if (value !== undefined && value !== '') return value;
  }
  const hasElements = element.children.some((node) => node.kind === 'element');
  const text = hasElements ? '' : textOf(element).trim();
  if (text !== '') return text;
  const named = childElement(element, 'name');
  if (named !== undefined) return textOf(named).trim();
  for (const name of NAMING) {
    const value = attributeOf(element, name)?.value;
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

function typeAndIndex(element: XmlElement): string {
  const values = [attributeOf(element, 'type')?.value, attributeOf(element, 'index')?.value];
  return values.filter((value) => value !== undefined).join(' ');
}

function part(of: XmlElement | undefined, name: string): string {
  return (of && attributeOf(of, name)?.value.replace(/^0x/, '')) ?? '';
}

/** “pci 0000:01:00.0” or “usb 1234:5678”. */
function hostDevice(element: XmlElement): string {
  const type = attributeOf(element, 'type')?.value ?? '';
  const source = childElement(element, 'source');
  if (source === undefined) return type;
  const address = childElement(source, 'address');
  if (type === 'pci' && address !== undefined)
    // not for people: an address in libvirt's notation
    return `pci ${part(address, 'domain').padStart(4, '0')}:${part(address, 'bus')}:${part(address, 'slot')}.${part(address, 'function')}`;
  const vendor = part(childElement(source, 'vendor'), 'id');
  const product = part(childElement(source, 'product'), 'id');
  return vendor === '' ? type : `${type} ${vendor}:${product}`;
}
