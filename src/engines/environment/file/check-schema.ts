import { t } from '@vscode/l10n';
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { nearestNames } from '../../../language/schema/suggest.ts';
import { listedOr } from '../lists.ts';
import { type EnvironmentDocument, rangeOfNode, type TextRange } from './document.ts';
import { problem, type Problem } from './problem.ts';
import {
  alternatives,
  type JsonType,
  keysOf,
  KVM_SCHEMA,
  propertyOf,
  resolved,
  type SchemaNode,
  typesOf,
} from './schema.ts';
import { keyText } from './yaml-index.ts';

/** Everything in the file that its schema does not allow, in the order of the text. */
export function checkSchema(document: EnvironmentDocument): readonly Problem[] {
  const root = document.resolve(document.root);
  if (root === undefined || (isScalar(root) && root.value === null))
    return [
      problem({ start: 0, end: 1 }, 'missing', t('A kvm.yaml needs “guests:” with at least one guest.')),
    ];
  return new SchemaWalk(document)
    .check(root, KVM_SCHEMA, { start: 0, end: 1 })
    .toSorted((a, b) => a.start - b.start);
}

class SchemaWalk {
  readonly #document: EnvironmentDocument;
  /** An anchor may hold itself. */
  readonly #open = new Set<Node>();
  /** What is wrong with what aliases stand for, by the way it is looked at: thousands may stand for one. */
  readonly #ofAliases = new Map<Node, Map<SchemaNode, readonly Problem[]>>();

  constructor(document: EnvironmentDocument) {
    this.#document = document;
  }

  /** `from` is the place of the key, for a value that is missing. */
  check(node: Node | undefined, schema: SchemaNode, from: TextRange): readonly Problem[] {
    const own = rangeOfNode(node);
    const range = own === undefined || own.start === own.end ? from : own;
    const value = this.#document.resolve(node);
    if (!isAlias(node) || value === undefined) return this.#checkValue(value, schema, range, from);
    const known = this.#ofAliases.get(value) ?? new Map<SchemaNode, readonly Problem[]>();
    this.#ofAliases.set(value, known);
    const told = known.get(schema);
    // No alternative fits: what each objects to is told once.
    if (told !== undefined) return told.slice(0, 1);
    const found = this.#checkValue(value, schema, range, from);
    known.set(schema, found);
    return found;
  }

  #checkValue(
    value: Node | undefined,
    schema: SchemaNode,
    range: TextRange,
    from: TextRange,
  ): readonly Problem[] {
    const type = typeOf(value);
    const ways = alternatives(schema);
    const fitting = ways.filter((way) => accepts(way, type));
    const [first] = fitting;
    if (first === undefined || value === undefined) return [problem(range, 'type', expectation(ways, type))];
    if (this.#open.has(value)) return [problem(range, 'yaml', t('This value contains itself.'))];
    this.#open.add(value);
    try {
      // Ways that take the same type differ in their text only: one that finds no problem is enough.
      const tries = fitting.map((way) => this.#checkWay(value, way, range, from));
      return tries.find((found) => found.length === 0) ?? tries[0] ?? [];
    } finally {
      this.#open.delete(value);
    }
  }

  #checkWay(value: Node, way: SchemaNode, range: TextRange, from: TextRange): readonly Problem[] {
    if (isMap(value)) return this.#checkMap(value, way, from);
    if (isSeq(value)) {
      if (value.items.length < (way.minItems ?? 0))
        return [problem(range, 'missing', t('This list is empty.'))];
      const { items } = way;
      return items === undefined
        ? []
        : value.items.flatMap((item) => this.check(item as Node, items, rangeOfNode(item) ?? range));
    }
    return isScalar(value) ? checkScalar(value.value, way, range) : [];
  }

  #checkMap(map: YAMLMap, way: SchemaNode, from: TextRange): readonly Problem[] {
    const problems: Problem[] = [];
    const seen = new Set<string>();
    for (const pair of map.items) {
      if (!isPair(pair)) continue;
      const key = keyText(pair);
      const keyRange = rangeOfNode(pair.key) ?? from;
      if (key === undefined) {
        problems.push(problem(keyRange, 'type', t('A key must be a plain word.')));
        continue;
      }
      seen.add(key);
      if (way.propertyNames !== undefined)
        problems.push(...checkScalar(key, resolved(way.propertyNames), keyRange));
      const property = propertyOf(way, key);
      if (property !== undefined) problems.push(...this.check(pair.value as Node, property, keyRange));
      else if (way.additionalProperties === false) problems.push(unknownKey(key, way, keyRange));
    }
    for (const key of way.required ?? [])
      if (!seen.has(key) && !isMeant(key, seen, way))
        problems.push(problem(from, 'missing', t('“{0}” is missing here.', key)));
    if (seen.size < (way.minProperties ?? 0))
      problems.push(problem(from, 'missing', t('This needs at least one entry.')));
    return problems;
  }
}

/** Whether a misspelt key stands for this one: then that is the only problem to tell. */
function isMeant(key: string, seen: ReadonlySet<string>, { properties = {} }: SchemaNode): boolean {
  return [...seen].some((each) => !Object.hasOwn(properties, each) && nearestNames(each, [key]).length > 0);
}

function unknownKey(key: string, schema: SchemaNode, range: TextRange): Problem {
  const [nearest] = nearestNames(key, [...keysOf(schema).keys()]);
  const message =
    nearest === undefined
      ? t('There is no key “{0}” here.', key)
      : t('There is no key “{0}” here. Did you mean “{1}”?', key, nearest);
  return problem(range, 'unknown-key', message);
}

function checkScalar(value: unknown, schema: SchemaNode, range: TextRange): readonly Problem[] {
  const says = (code: string, message: string) => [problem(range, code, message)];
  if (schema.enum !== undefined && !schema.enum.includes(String(value)))
    return says('value', t('“{0}” is not one of {1}.', String(value), listedOr(schema.enum)));
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      return says('value', t('This must be at least {0}.', schema.minimum));
    if (schema.maximum !== undefined && value > schema.maximum)
      return says('value', t('This must be at most {0}.', schema.maximum));
  }
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return says('value', t('This must not be empty.'));
    if (schema.maxLength !== undefined && value.length > schema.maxLength)
      return says('value', t('This is longer than {0} characters.', schema.maxLength));
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
      return says('value', plain(schema.patternErrorMessage ?? t('This is not in the expected form.')));
  }
  return [];
}

function typeOf(node: Node | undefined): JsonType {
  if (isMap(node)) return 'object';
  if (isSeq(node)) return 'array';
  const value = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return 'null';
}

function accepts(schema: SchemaNode, type: JsonType): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'));
}

function expectation(ways: readonly SchemaNode[], type: JsonType): string {
  // A number in place of a size lacks its unit: tell the form of a size, not a type.
  const message = ways.find((way) => typesOf(way).includes('string'))?.patternErrorMessage;
  if (type !== 'null' && type !== 'object' && type !== 'array' && message !== undefined)
    return plain(message);
  const wanted = [...new Set(ways.flatMap(typesOf))].filter((each) => each !== 'null').map(typeText);
  return type === 'null'
    ? t('A value is missing. Expected here: {0}.', listedOr(wanted))
    : t('Expected here: {0}.', listedOr(wanted));
}

function typeText(type: JsonType): string {
  switch (type) {
    case 'object':
      return t('a mapping of keys to values');
    case 'array':
      return t('a list');
    case 'string':
      return t('text');
    case 'integer':
      return t('a whole number');
    case 'number':
      return t('a number');
    case 'boolean':
      return t('true or false');
    case 'null':
      return t('nothing');
  }
}

/** Without Markdown, which diagnostics would show as it is. */
function plain(text: string): string {
  return text.replaceAll(/`([^`]*)`/gu, '“$1”');
}
