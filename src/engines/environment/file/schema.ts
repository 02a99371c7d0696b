import schemaJson from '../../../../schemas/kvm.schema.json' with { type: 'json' };

export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** As much of JSON schema as kvm.yaml's uses. */
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

/** The one schema: contributed for YAML extensions, and read by our own checks, completion and hover. */
export const KVM_SCHEMA: SchemaNode = root;

/** Follows a reference; what stands beside it goes before what it leads to. */
export function resolved(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const target = root.definitions[node.$ref.replace('#/definitions/', '')];
  if (target === undefined) throw new TypeError(`The schema has no ${node.$ref}`);
  const { $ref: _, ...beside } = node;
  return { ...resolved(target), ...beside };
}

export function typesOf(node: SchemaNode): readonly JsonType[] {
  const { type } = node;
  if (type === undefined) return node.enum === undefined ? [] : ['string'];
  return typeof type === 'string' ? [type] : type;
}

/** The ways in which a value may be written: those of `anyOf`, or the one. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  const own = resolved(node);
  return own.anyOf === undefined ? [own] : own.anyOf.flatMap(alternatives);
}

/** What a key of a mapping may hold; undefined for a key that is not known there. */
export function propertyOf(node: SchemaNode, key: string): SchemaNode | undefined {
  for (const way of alternatives(node)) {
    const known =
      way.properties !== undefined && Object.hasOwn(way.properties, key) ? way.properties[key] : undefined;
    const found = known ?? (way.additionalProperties === false ? undefined : way.additionalProperties);
    if (found !== undefined) return resolved(found);
  }
  return undefined;
}

/** All keys that a mapping may have by name. */
export function keysOf(node: SchemaNode): ReadonlyMap<string, SchemaNode> {
  const keys = new Map<string, SchemaNode>();
  for (const way of alternatives(node))
    for (const [key, value] of Object.entries(way.properties ?? {})) keys.set(key, resolved(value));
  return keys;
}
