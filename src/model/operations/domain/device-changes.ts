import { format } from '../../../language/xml/format.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type XmlElement,
} from '../../../language/xml/tree.ts';

/** One device that is not as the definition has it. */
export interface DeviceChange {
  readonly verb: 'attach' | 'detach' | 'update';
  /** For a person: disk vda. */
  readonly device: string;
  readonly xml: string;
}

export interface DeviceChanges {
  readonly changes: readonly DeviceChange[];
  /** Devices that libvirt can neither plug nor change while a domain runs. */
  readonly atNextStart: readonly string[];
}

/** What libvirt can plug in and out, and of that what it can change in place. */
const PLUGGABLE = new Set([
  'disk',
  'interface',
  'hostdev',
  'redirdev',
  'channel',
  'rng',
  'shmem',
  'watchdog',
  'memory',
  'input',
  'vsock',
  'lease',
]);
const CHANGEABLE = new Set(['disk', 'interface', 'graphics']);

interface Device {
  readonly element: XmlElement;
  readonly key: string;
  readonly form: string;
  readonly xml: string;
}

/** What would have to be done to the devices that run to make them those of the definition. */
export function deviceChanges(live: string, saved: string): DeviceChanges {
  const running = devicesOf(live);
  const wanted = devicesOf(saved);
  const changes: DeviceChange[] = [];
  const atNextStart: string[] = [];
  const add = (verb: DeviceChange['verb'], { element, xml }: Device) => {
    const possible = verb === 'update' ? CHANGEABLE : PLUGGABLE;
    if (possible.has(element.key)) changes.push({ verb, device: nameOf(element), xml });
    else atNextStart.push(nameOf(element));
  };
  for (const [key, device] of running) if (!wanted.has(key)) add('detach', device);
  for (const [key, device] of wanted) {
    const present = running.get(key);
    if (present === undefined) add('attach', device);
    else if (present.form !== device.form) add('update', device);
  }
  return { changes, atNextStart };
}

/** The devices by what makes each the one it is; several that are alike are told apart by their order. */
function devicesOf(xml: string): ReadonlyMap<string, Device> {
  const document = parseDocument(xml);
  const devices = document.root && childElement(document.root, 'devices');
  const found = new Map<string, Device>();
  const counts = new Map<string, number>();
  for (const element of devices === undefined ? [] : childElements(devices)) {
    if (element.key === 'emulator') continue;
    const form = formOf(element);
    const key = keyOf(element, form);
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    const text = format(document.text.slice(element.start, element.end));
    found.set(`${key} ${nth}`, { element, key, form, xml: text });
  }
  return found;
}

function keyOf(element: XmlElement, form: string): string {
  const own = identityOf(element);
  return `${element.key} ${own ?? form}`;
}

/** What identifies a device while it is changed; undefined for those without an identity of their own. */
function identityOf(element: XmlElement): string | undefined {
  const of = (child: string, attribute: string) => {
    const found = childElement(element, child);
    return found && attributeOf(found, attribute)?.value;
  };
  switch (element.key) {
    case 'disk':
      return of('target', 'dev');
    case 'interface':
      return of('mac', 'address')?.toLowerCase();
    case 'graphics':
    case 'video':
      return attributeOf(element, 'type')?.value ?? '';
    case 'channel':
      return of('target', 'name');
    case 'controller':
      return ['type', 'index'].map((name) => attributeOf(element, name)?.value).join(' ');
    default:
      return undefined;
  }
}

/** The parts that a domain gets when it is started, and that its definition need not say. */
const GIVEN_AT_START = new Set(['alias', 'address', 'backingStore', 'seclabel', 'actual']);
const GIVEN_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  source: ['index', 'portid', 'bridge', 'path', 'mode'],
  graphics: ['port', 'websocket', 'tlsPort'],
  listen: ['address', 'network'],
  channel: [],
  console: ['tty'],
};

/** The device without what libvirt adds when it starts it: two are compared in this form. */
function formOf(element: XmlElement): string {
  const given = GIVEN_ATTRIBUTES[element.key] ?? [];
  const inside = element.parent?.key ?? '';
  const attributes = element.attributes
    .filter(({ key }) => !given.includes(key) || keepsSource(element, key))
    .filter(({ key }) => !(element.key === 'target' && inside === 'interface' && key === 'dev'))
    .filter(({ key }) => !(element.key === 'target' && inside === 'channel' && key === 'state'))
    .map(({ key, value }) => `${key}=${JSON.stringify(value)}`)
    .toSorted();
  const children = childElements(element)
    .filter(({ key }) => !GIVEN_AT_START.has(key))
    .filter((child) => !isMade(child))
    .map(formOf)
    .filter((form) => form !== 'source[]()' && form !== 'target[]()');
  return `${element.key}[${attributes.join(' ')}](${children.toSorted().join(',')}${textOf(element).trim()})`;
}

/** In an interface of the type `bridge` a person wrote it; elsewhere libvirt adds it at the start. */
function keepsSource({ key, parent }: XmlElement, attribute: string): boolean {
  if (key !== 'source' || attribute === 'index' || attribute === 'portid') return false;
  const type = parent && attributeOf(parent, 'type')?.value;
  return parent?.key === 'interface' && type === 'bridge' && attribute === 'bridge';
}

/** The names that libvirt makes up for sockets and taps. */
function isMade({ key, parent }: XmlElement): boolean {
  const type = parent && attributeOf(parent, 'type')?.value;
  return key === 'source' && type === 'pty';
}

const NAMES: Readonly<Record<string, readonly [child: string, attribute: string]>> = {
  disk: ['target', 'dev'],
  interface: ['mac', 'address'],
  channel: ['target', 'name'],
};

function nameOf(element: XmlElement): string {
  const [child, attribute] = NAMES[element.key] ?? [];
  const found = child === undefined ? undefined : childElement(element, child);
  const own = found && attribute !== undefined ? attributeOf(found, attribute)?.value : undefined;
  const name = own ?? attributeOf(element, 'type')?.value ?? attributeOf(element, 'model')?.value;
  return name === undefined ? element.key : `${element.key} ${name}`;
}
