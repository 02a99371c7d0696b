import { t } from '@vscode/l10n';
import { CATALOGUE } from '../../../engines/environment/images/catalogue.ts';
import {
  alternatives,
  keysOf,
  KVM_SCHEMA,
  propertyOf,
  type SchemaNode,
  typesOf,
} from '../../../engines/environment/file/schema.ts';
import { listedOr } from '../../../engines/environment/lists.ts';
import type { Typing } from './locate.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'key' | 'value';
  /** With `$0` where typing goes on. */
  readonly snippet: string;
  readonly detail: string;
  readonly documentation: string;
}

/** Names that a value may be, from outside of the schema. */
export interface KnownNames {
  readonly images: readonly string[];
  readonly hosts: readonly string[];
  readonly guests: readonly string[];
  readonly networks: readonly string[];
}

/** What may be typed there, from the schema and what is known besides. */
export function suggestions(typing: Typing, names: KnownNames): readonly Suggestion[] {
  const schema = schemaAt(typing.path);
  if (schema === undefined) return [];
  return typing.part === 'key' ? keySuggestions(schema, typing) : valueSuggestions(schema, typing, names);
}

/** What the schema says of the value at a path; list items are looked through. */
function schemaAt(path: readonly (string | number)[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = KVM_SCHEMA;
  for (const step of path) {
    if (node === undefined) return undefined;
    if (typeof step === 'number') node = itemsOf(node) ?? node;
    else node = propertyOf(node, step) ?? propertyOf(itemsOf(node) ?? {}, step);
  }
  return node;
}

function itemsOf(node: SchemaNode): SchemaNode | undefined {
  return alternatives(node).find(({ items }) => items !== undefined)?.items;
}

function keySuggestions(schema: SchemaNode, { siblings, indent }: Typing): readonly Suggestion[] {
  const inner = ' '.repeat(indent + 2);
  return [...keysOf(schema)]
    .filter(([key]) => !siblings.has(key))
    .map(([label, node]) => ({
      label,
      kind: 'key',
      snippet: `${label}:${valueSnippet(node, inner)}`,
      detail: summary(node),
      documentation: node.description ?? '',
    }));
}

/** What a key is followed by: its only sensible value, a choice, a list or a mapping that is begun. */
function valueSnippet(node: SchemaNode, inner: string): string {
  const [first] = alternatives(node);
  const types = new Set(alternatives(node).flatMap(typesOf));
  if (node.enum !== undefined) return ` \${1|${node.enum.join(',')}|}$0`;
  if (types.has('boolean') && types.size === 1) return ' true$0';
  if (types.has('array') && types.size === 1) return `\n${inner}- $0`;
  if (types.has('object') && !types.has('string')) return `\n${inner}$0`;
  const example = first?.examples?.[0];
  return example === undefined || example.includes('\n') ? ' $0' : ` \${1:${example}}$0`;
}

function valueSuggestions(schema: SchemaNode, typing: Typing, names: KnownNames): readonly Suggestion[] {
  const key = typing.path.at(-1) ?? '';
  const ways = [...alternatives(schema), ...alternatives(itemsOf(schema) ?? {})];
  const values = new Map<string, string>();
  for (const way of ways) {
    for (const value of way.enum ?? []) values.set(value, value === way.default ? t('default') : '');
    for (const value of way.examples ?? []) if (!value.includes('\n')) values.set(value, t('example'));
    if (typesOf(way).includes('boolean')) for (const value of ['true', 'false']) values.set(value, '');
  }
  if (key === 'image') {
    values.clear();
    for (const name of names.images)
      values.set(name, CATALOGUE.find((image) => image.name === name)?.title ?? t('added in the settings'));
  }
  if (key === 'host') for (const name of names.hosts) values.set(name, t('host'));
  if (key === 'depends-on') for (const name of names.guests) values.set(name, t('guest of this file'));
  if (key === 'networks' || key === 'network')
    for (const name of names.networks) values.set(name, t('network of this file'));
  return [...values].map(([label, detail]) => ({
    label,
    kind: 'value',
    snippet: label,
    detail,
    documentation: schema.description ?? '',
  }));
}

function summary(node: SchemaNode): string {
  const types = [...new Set(alternatives(node).flatMap(typesOf))].filter((type) => type !== 'null');
  const words = node.enum === undefined ? listedOr(types) : node.enum.join(', ');
  return node.default === undefined ? words : t('{0} (default {1})', words, JSON.stringify(node.default));
}

/** Markdown about what stands at a path. */
export function explanation(path: readonly (string | number)[]): string | undefined {
  const node = schemaAt(path);
  if (node?.description === undefined) return undefined;
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const [first] = alternatives(node);
  const values = first?.examples?.filter((each) => !each.includes('\n')) ?? [];
  const examples = values.slice(0, 3).map((each) => `\`${each}\``);
  const lines = [`**${key}**: ${summary(node)}`, node.description];
  if (examples.length > 0) lines.push(t('For example {0}.', examples.join(', ')));
  return lines.join('\n\n');
}
