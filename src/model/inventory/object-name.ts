/** What a host has that libvirt describes in XML. */
export const OBJECT_KINDS = [
  'domain',
  'network',
  'pool',
  'volume',
  'snapshot',
  'nodedev',
  'secret',
  'filter',
  'interface',
] as const;

export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Names one object of a host for good: by its UUID where it has one, else by its name. */
export interface ObjectName {
  readonly kind: ObjectKind;
  readonly key: string;
  /** The UUID of a volume's pool or a snapshot's domain. */
  readonly parent?: string;
}

const ROOTS: Record<ObjectKind, string> = {
  domain: 'domain',
  network: 'network',
  pool: 'pool',
  volume: 'volume',
  snapshot: 'domainsnapshot',
  nodedev: 'device',
  secret: 'secret',
  filter: 'filter',
  interface: 'interface',
};

/** The name of the root element. */
export function rootOf(kind: ObjectKind): string {
  return ROOTS[kind];
}

/** What kind of object an XML document describes, by the name of its root. */
export function kindForRoot(root: string): ObjectKind | undefined {
  return OBJECT_KINDS.find((kind) => ROOTS[kind] === root);
}

const WORDS: Partial<Record<ObjectKind, string>> = {
  pool: 'storage pool',
  nodedev: 'node device',
  filter: 'network filter',
};

/** What people call it. */
export function kindWord(kind: ObjectKind): string {
  return WORDS[kind] ?? kind;
}
