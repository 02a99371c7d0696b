import { isMap, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { nearestNames } from '../../../language/schema/suggest.ts';
import { type EnvironmentDocument, keyText, rangeOfNode, type TextRange } from './document.ts';
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

/** Everything in the file that its schema does not allow, in the order of the text. */
export function checkSchema(document: EnvironmentDocument): readonly Problem[] {
  const root = document.resolve(document.root);
  if (root === undefined || (isScalar(root) && root.value === null))
    return [problem({ start: 0, end: 1 }, 'missing', 'A kvm.yaml has “guests:” with at least one guest.')];
  return new SchemaWalk(document)
    .check(root, KVM_SCHEMA, { start: 0, end: 1 })
    .toSorted((a, b) => a.start - b.start);
}

class SchemaWalk {
  readonly #document: EnvironmentDocument;
  /** An anchor may hold itself. */
  readonly #open = new Set<Node>();

  constructor(document: EnvironmentDocument) {
    this.#document = document;
  }

  /** `from` is the key's place: where a value is not written at all. */
  check(node: Node | undefined, schema: SchemaNode, from: TextRange): readonly Problem[] {
    const own = rangeOfNode(node);
    const range = own === undefined || own.start === own.end ? from : own;
    const value = this.#document.resolve(node);
    const type = typeOf(value);
    const ways = alternatives(schema);
    const fitting = ways.filter((way) => accepts(way, type));
    const [first] = fitting;
    if (first === undefined || value === undefined) return [problem(range, 'type', expectation(ways, type))];
    if (this.#open.has(value)) return [problem(range, 'yaml', 'This is inside itself.')];
    this.#open.add(value);
    try {
      // Ways that take the same type differ in their text only: any that is content will do.
      const tries = fitting.map((way) => this.#checkWay(value, way, range, from));
      return tries.find((found) => found.length === 0) ?? tries[0] ?? [];
    } finally {
      this.#open.delete(value);
    }
  }

  #checkWay(value: Node, way: SchemaNode, range: TextRange, from: TextRange): readonly Problem[] {
    if (isMap(value)) return this.#checkMap(value, way, from);
    if (isSeq(value)) {
      if (value.items.length < (way.minItems ?? 0)) return [problem(range, 'missing', 'This list is empty.')];
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
        problems.push(problem(keyRange, 'type', 'A key is a word.'));
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
        problems.push(problem(from, 'missing', `“${key}” is missing here.`));
    if (seen.size < (way.minProperties ?? 0))
      problems.push(problem(from, 'missing', 'There is nothing in it yet.'));
    return problems;
  }
}

/** A key that is written wrongly is told once. */
function isMeant(key: string, seen: ReadonlySet<string>, { properties = {} }: SchemaNode): boolean {
  return [...seen].some((each) => !Object.hasOwn(properties, each) && nearestNames(each, [key]).length > 0);
}

function unknownKey(key: string, schema: SchemaNode, range: TextRange): Problem {
  const [nearest] = nearestNames(key, [...keysOf(schema).keys()]);
  const hint = nearest === undefined ? '' : ` Did you mean “${nearest}”?`;
  return problem(range, 'unknown-key', `There is no “${key}” here.${hint}`);
}

function checkScalar(value: unknown, schema: SchemaNode, range: TextRange): readonly Problem[] {
  const says = (code: string, message: string) => [problem(range, code, message)];
  if (schema.enum !== undefined && !schema.enum.includes(String(value)))
    return says('value', `“${String(value)}” is not one of ${listed(schema.enum)}.`);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      return says('value', `The least is ${schema.minimum}.`);
    if (schema.maximum !== undefined && value > schema.maximum)
      return says('value', `The most is ${schema.maximum}.`);
  }
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return says('value', 'This is empty.');
    if (value.length > (schema.maxLength ?? Infinity))
      return says('value', `This is longer than ${schema.maxLength} characters.`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
      return says('value', plain(schema.patternErrorMessage ?? 'This is not written as it should be.'));
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

const WORDS: Record<JsonType, string> = {
  object: 'a mapping of keys to values',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

function expectation(ways: readonly SchemaNode[], type: JsonType): string {
  // A number where a size is meant lacks its unit: say that, not its type.
  const message = ways.find((way) => typesOf(way).includes('string'))?.patternErrorMessage;
  if (type !== 'null' && type !== 'object' && type !== 'array' && message !== undefined)
    return plain(message);
  const wanted = [...new Set(ways.flatMap(typesOf))]
    .filter((each) => each !== 'null')
    .map((each) => WORDS[each]);
  return type === 'null'
    ? `A value is missing: ${listed(wanted, 'or')}.`
    : `This should be ${listed(wanted, 'or')}.`;
}

/** Without the marks of Markdown, which diagnostics show as they are. */
function plain(text: string): string {
  return text.replaceAll(/`([^`]*)`/gu, '“$1”');
}

function listed(words: readonly string[], joint = 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}
