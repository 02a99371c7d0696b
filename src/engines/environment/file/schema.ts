import schemaJson from '../../../../schemas/kvm.schema.json' with { type: 'json' };

export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** The part of JSON schema that the schema of kvm.yaml uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly string[];
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

interface RootSchema extends SchemaNode {
  readonly definitions: Readonly<Record<string, SchemaNode>>;
}

const root = schemaJson as unknown as RootSchema;

/** The schema of kvm.yaml: contributed for YAML extensions, and used by our own checks, completion and hover. */
export const KVM_SCHEMA: SchemaNode = root;

/** What follows from a node alone is found once: it is asked for at each value of a file. */
function remembered<T>(find: (node: SchemaNode) => T): (node: SchemaNode) => T {
  const known = new WeakMap<SchemaNode, T>();
  return (node) => {
    let found = known.get(node);
    if (found === undefined) known.set(node, (found = find(node)));
    return found;
  };
}

/** Follows a reference; properties beside it win over those of its target. */
export const resolved: (node: SchemaNode) => SchemaNode = remembered((node) => {
  if (node.$ref === undefined) return node;
  const target = root.definitions[node.$ref.replace('#/definitions/', '')];
  if (target === undefined) throw new TypeError(`The schema has no ${node.$ref}`);
  const { $ref: _, ...beside } = node;
  return { ...resolved(target), ...beside };
});

export function typesOf(node: SchemaNode): readonly JsonType[] {
  const { type } = node;
  if (type === undefined) return node.enum === undefined ? [] : ['string'];
  return typeof type === 'string' ? [type] : type;
}

/** The ways in which a value may be written: those of `anyOf`, or the one. */
export const alternatives: (node: SchemaNode) => readonly SchemaNode[] = remembered((node) => {
  const own = resolved(node);
  return own.anyOf === undefined ? [own] : own.anyOf.flatMap(alternatives);
});

/** The schema of a key's value; undefined for a key that is not known there. */
export function propertyOf(node: SchemaNode, key: string): SchemaNode | undefined {
  for (const way of alternatives(node)) {
    const known =
      way.properties !== undefined && Object.hasOwn(way.properties, key) ? way.properties[key] : undefined;
    const found = known ?? (way.additionalProperties === false ? undefined : way.additionalProperties);
    if (found !== undefined) return resolved(found);
  }
  return undefined;
}

/** The keys that a mapping may have, by name. */
export const keysOf: (node: SchemaNode) => ReadonlyMap<string, SchemaNode> = remembered((node) => {
  const keys = new Map<string, SchemaNode>();
  for (const way of alternatives(node))
    for (const [key, value] of Object.entries(way.properties ?? {})) keys.set(key, resolved(value));
  return keys;
});
