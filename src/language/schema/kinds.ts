/** libvirt's schemas of whole documents, by the name of their `.rng` file. */
export const SCHEMA_NAMES = [
  'capability',
  'cpu',
  'domain',
  'domainbackup',
  'domaincaps',
  'domaincheckpoint',
  'domainsnapshot',
  'inactiveDomain',
  'interface',
  'network',
  'networkport',
  'nodedev',
  'nwfilter',
  'nwfilterbinding',
  'secret',
  'storagepool',
  'storagepoolcaps',
  'storagevol',
] as const;

export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** A kind of document. A device of a domain has no schema file of its own: it is a part of the domain's. */
export type DocumentKind = SchemaName | 'device';

/** The schema file that has a kind's schema. */
export function schemaNameOf(kind: DocumentKind): SchemaName {
  return kind === 'device' ? 'domain' : kind;
}

const BY_ROOT: ReadonlyMap<string, SchemaName> = new Map([
  ['capabilities', 'capability'],
  ['cpu', 'cpu'],
  ['domain', 'domain'],
  ['domainbackup', 'domainbackup'],
  ['domainCapabilities', 'domaincaps'],
  ['domaincheckpoint', 'domaincheckpoint'],
  ['domainsnapshot', 'domainsnapshot'],
  ['inactiveDomain', 'inactiveDomain'],
  ['interface', 'interface'],
  ['network', 'network'],
  ['networkport', 'networkport'],
  ['device', 'nodedev'],
  ['filter', 'nwfilter'],
  ['filterbinding', 'nwfilterbinding'],
  ['secret', 'secret'],
  ['pool', 'storagepool'],
  ['storagepoolCapabilities', 'storagepoolcaps'],
  ['volume', 'storagevol'],
]);

/** What people call the kinds of documents, besides the names of the schemas and of the root elements. */
const BY_WORD: ReadonlyMap<string, SchemaName> = new Map([
  ['backup', 'domainbackup'],
  ['checkpoint', 'domaincheckpoint'],
  ['snapshot', 'domainsnapshot'],
  ['vol', 'storagevol'],
]);

/** The schema of a document, by the (expanded) name of its root element. */
export function schemaForRoot(root: string): SchemaName | undefined {
  return BY_ROOT.get(root);
}

/** Whether the name of a root element begins so. */
export function beginsRoot(start: string): boolean {
  return [...BY_ROOT.keys()].some((root) => root.startsWith(start));
}

/** The schema that a word of a person names: `domain`, `storagepool`, `pool`, `snapshot`, … */
export function schemaForKind(kind: string): SchemaName | undefined {
  return SCHEMA_NAMES.find((name) => name === kind) ?? BY_ROOT.get(kind) ?? BY_WORD.get(kind);
}
