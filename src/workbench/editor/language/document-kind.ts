import { t } from '@vscode/l10n';
import { schemaForKind, schemaForRoot, type SchemaName } from '../../../language/schema/kinds.ts';
import type { XmlDocument } from '../../../language/xml/tree.ts';

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

/**
 * Which of libvirt's documents it is; undefined for other XML. `hint` is what the document's address says it is, for
 * when its root is missing or misspelt.
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
  // A document that has only been begun counts as libvirt's.
  const isLibvirts = names.length === 0 || names.some((name) => marks.includes(name));
  return isLibvirts ? kind : undefined;
}

const KIND_NAMES: Readonly<Record<SchemaName, () => string>> = {
  capability: () => t('libvirt Capabilities'),
  cpu: () => t('libvirt CPU'),
  domain: () => t('libvirt Domain'),
  domainbackup: () => t('libvirt Backup'),
  domaincaps: () => t('libvirt Domain Capabilities'),
  domaincheckpoint: () => t('libvirt Checkpoint'),
  domainsnapshot: () => t('libvirt Snapshot'),
  inactiveDomain: () => t('libvirt Inactive Domain'),
  interface: () => t('libvirt Host Interface'),
  network: () => t('libvirt Network'),
  networkport: () => t('libvirt Network Port'),
  nodedev: () => t('libvirt Node Device'),
  nwfilter: () => t('libvirt Network Filter'),
  nwfilterbinding: () => t('libvirt Filter Binding'),
  secret: () => t('libvirt Secret'),
  storagepool: () => t('libvirt Storage Pool'),
  storagepoolcaps: () => t('libvirt Storage Pool Capabilities'),
  storagevol: () => t('libvirt Storage Volume'),
};

/** What a document of the kind is called in the status bar. */
export function kindName(kind: SchemaName): string {
  return KIND_NAMES[kind]();
}
