import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import { schemaForKind, schemaForRoot, type DocumentKind } from './kinds.ts';

/**
 * Root elements that are not only libvirt's. An attribute of the root, or a child, with one of these names tells that it
 * is libvirt's.
 */
const SHARED: ReadonlyMap<string, readonly string[]> = new Map([
  ['capabilities', ['host', 'guest']],
  ['cpu', ['mode', 'match', 'arch', 'model', 'topology']],
  ['device', ['capability', 'driver', 'parent']],
  ['domain', ['type', 'name', 'uuid', 'memory', 'os', 'devices']],
  ['filter', ['chain', 'rule', 'filterref']],
  ['interface', ['start', 'bridge', 'bond', 'vlan', 'protocol', 'mtu', 'link']],
  ['network', ['name', 'uuid', 'forward', 'bridge', 'ip', 'portgroup', 'ipv6', 'connections']],
  ['pool', ['type', 'name', 'uuid', 'source', 'target', 'capacity']],
  ['secret', ['ephemeral', 'private', 'usage', 'uuid']],
  ['volume', ['type', 'name', 'key', 'capacity', 'allocation', 'target', 'source']],
]);

/** The devices of domains, which `virsh attach-device` and its like take alone, each with what tells that it is one. */
const DEVICES: ReadonlyMap<string, readonly string[]> = new Map([
  ['audio', ['serverName', 'runtimeDir', 'input', 'output']],
  ['channel', ['source', 'target', 'protocol']],
  ['console', ['source', 'target', 'protocol', 'tty']],
  ['controller', ['type', 'index', 'model', 'driver']],
  ['crypto', ['model', 'backend']],
  ['disk', ['device', 'source', 'target', 'driver']],
  ['filesystem', ['source', 'target', 'driver', 'accessmode']],
  ['graphics', ['type', 'port', 'autoport', 'listen']],
  ['hostdev', ['mode', 'source', 'managed']],
  ['hub', ['type']],
  ['input', ['bus', 'source']],
  ['iommu', ['model']],
  ['lease', ['lockspace', 'key']],
  ['memballoon', ['model']],
  ['memory', ['target']],
  ['nvram', ['address']],
  ['panic', ['model', 'address']],
  ['parallel', ['source', 'target', 'protocol']],
  ['redirdev', ['bus', 'type']],
  ['redirfilter', ['usbdev']],
  ['rng', ['backend']],
  ['serial', ['source', 'target', 'protocol']],
  ['shmem', ['model', 'size', 'server']],
  ['smartcard', ['mode']],
  ['sound', ['model']],
  ['tpm', ['backend', 'model']],
  ['video', ['model']],
  ['vsock', ['model', 'cid']],
  ['watchdog', ['model', 'action']],
]);

/** What a document would be by the name of its root alone; undefined when it is none of libvirt's. */
export function kindOfRoot(name: string): DocumentKind | undefined {
  return schemaForRoot(name) ?? (DEVICES.has(name) ? 'device' : undefined);
}

/** Whether a document whose root has this name may be one of libvirt's. */
export function mayBeRoot(name: string): boolean {
  return kindOfRoot(name) !== undefined;
}

/**
 * Which of libvirt's documents it is; undefined for other XML. `hint` is what the document's address says it is, for
 * when its root is missing or misspelt.
 */
export function kindOfDocument(document: XmlDocument, hint?: string): DocumentKind | undefined {
  const hinted = hint === undefined ? undefined : schemaForKind(hint);
  if (hinted !== undefined) return hinted;
  const { root } = document;
  if (root === undefined) return undefined;
  const names = namesIn(root);
  if (root.key === 'interface' && isCard(root, names)) return 'device';
  if (DEVICES.get(root.key)?.some((mark) => names.includes(mark)) === true) return 'device';
  const kind = schemaForRoot(root.key);
  const marks = SHARED.get(root.key);
  if (kind === undefined || marks === undefined) return kind;
  // A document that has only been begun counts as libvirt's.
  const isLibvirts = names.length === 0 || names.some((name) => marks.includes(name));
  return isLibvirts ? kind : undefined;
}

function namesIn(root: XmlElement): string[] {
  return [
    ...root.attributes.map(({ name }) => name),
    ...root.children.flatMap((node) => (node.kind === 'element' ? [node.name] : [])),
  ];
}

/** What an interface of a host has, and what a network card of a domain has. */
const OF_HOST: ReadonlySet<string> = new Set(['name', 'start', 'bridge', 'bond', 'protocol']);
const OF_CARD: ReadonlySet<string> = new Set([
  'type',
  'source',
  'mac',
  'model',
  'target',
  'driver',
  'filterref',
]);

/** An interface may be a host's or a domain's. A host's has a name; links, MTUs and VLANs both have. */
function isCard(root: XmlElement, names: readonly string[]): boolean {
  const type = root.attributes.find(({ key }) => key === 'type')?.value;
  if (type === 'vlan' || type === 'bond') return false;
  return !names.some((name) => OF_HOST.has(name)) && names.some((name) => OF_CARD.has(name));
}
