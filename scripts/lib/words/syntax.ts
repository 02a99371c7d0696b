import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the syntax tree (ESTree with TypeScript's own). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly program: Node;
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Throws when it is no TypeScript. */
export function parse(file: string, text: string): Source {
  const { program, comments, errors } = parseSync(file, text, { lang: 'ts' });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}`);
  return { program, comments };
}

/** The nodes below a node, in the order of the text, each with the property that holds it. */
export function* childrenOf(node: Node): Generator<readonly [key: string, child: Node]> {
  for (const key of visitorKeys[node.type] ?? []) for (const child of nodesIn(node, key)) yield [key, child];
}

/** The nodes in a property that holds one or a list of them. */
export function nodesIn(node: Node | undefined, key: string): Node[] {
  const value = node && (node as unknown as Readonly<Record<string, unknown>>)[key];
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

export function nodeIn(node: Node | undefined, key: string): Node | undefined {
  return nodesIn(node, key)[0];
}

/** A property of a node that is no node. */
export function valueIn(node: Node | undefined, key: string): unknown {
  return node && (node as unknown as Readonly<Record<string, unknown>>)[key];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** The text of a string literal. */
export function stringOf(node: Node | undefined): string | undefined {
  const value = node?.type === 'Literal' ? valueIn(node, 'value') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The name of an identifier, or the last name of `a.b.c`. */
export function lastName(node: Node | undefined): string | undefined {
  if (node?.type === 'MemberExpression') return lastName(nodeIn(node, 'property'));
  const name = valueIn(node, 'name');
  return typeof name === 'string' ? name : undefined;
}
