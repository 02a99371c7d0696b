import { schemaForKind, schemaForRoot, type SchemaName } from '../../../language/schema/kinds.ts';
import type { XmlDocument } from '../../../language/xml/tree.ts';

/**
 * Root elements that other people's XML has, too, with what tells libvirt's from theirs: an attribute of the root or
 * one of its children.
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

/**
 * Which of libvirt's documents it is; undefined for other people's XML. `hint` is what the document is known to be by
 * its address, for the moments at which its root is missing or misspelt.
 */
export function kindOfDocument(document: XmlDocument, hint?: string): SchemaName | undefined {
  const hinted = hint === undefined ? undefined : schemaForKind(hint);
  if (hinted !== undefined) return hinted;
  const { root } = document;
  if (root === undefined) return undefined;
  const kind = schemaForRoot(root.key);
  const marks = SHARED.get(root.key);
  if (kind === undefined || marks === undefined) return kind;
  const names = [
    ...root.attributes.map(({ name }) => name),
    ...root.children.flatMap((node) => (node.kind === 'element' ? [node.name] : [])),
  ];
  // What has only been begun is given the benefit of the doubt.
  const isLibvirts = names.length === 0 || names.some((name) => marks.includes(name));
  return isLibvirts ? kind : undefined;
}

const KIND_NAMES: Readonly<Record<SchemaName, string>> = {
  capability: 'Capabilities',
  cpu: 'CPU',
  domain: 'Domain',
  domainbackup: 'Backup',
  domaincaps: 'Domain Capabilities',
  domaincheckpoint: 'Checkpoint',
  domainsnapshot: 'Snapshot',
  inactiveDomain: 'Inactive Domain',
  interface: 'Host Interface',
  network: 'Network',
  networkport: 'Network Port',
  nodedev: 'Node Device',
  nwfilter: 'Network Filter',
  nwfilterbinding: 'Filter Binding',
  secret: 'Secret',
  storagepool: 'Storage Pool',
  storagepoolcaps: 'Storage Pool Capabilities',
  storagevol: 'Storage Volume',
};

/** The kind as a person calls it. */
export function kindName(kind: SchemaName): string {
  return KIND_NAMES[kind];
}
