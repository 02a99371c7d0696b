import { isMap, isPair, isScalar, isSeq } from 'yaml';
import {
  type EnvironmentDocument,
  type PathStep,
  rangeOfNode,
} from '../../../engines/environment/file/document.ts';
import { keyText } from '../../../engines/environment/file/yaml-index.ts';

/** What stands at an offset: the path to it, and whether it is a key or a value. */
export interface Place {
  readonly path: readonly PathStep[];
  readonly part: 'key' | 'value';
  readonly start: number;
  readonly end: number;
}

/** The key or scalar at an offset of a document that can be parsed. */
export function placeAt(document: EnvironmentDocument, offset: number): Place | undefined {
  return search(document.root, [], offset);
}

function search(node: unknown, path: readonly PathStep[], offset: number): Place | undefined {
  if (isMap(node)) {
    for (const pair of node.items) {
      const key = isPair(pair) ? keyText(pair) : undefined;
      if (key === undefined) continue;
      const keyRange = rangeOfNode(pair.key);
      if (keyRange !== undefined && offset >= keyRange.start && offset <= keyRange.end)
        return { path: [...path, key], part: 'key', ...keyRange };
      const found = search(pair.value, [...path, key], offset);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = search(item, [...path, index], offset);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isScalar(node)) return undefined;
  const range = rangeOfNode(node);
  if (range === undefined || offset < range.start || offset > range.end) return undefined;
  return { path, part: 'value', ...range };
}

/** Where something is being typed: in which mapping or list, and what is there of it. */
export interface Typing {
  /** The mapping that a key is typed into, or the key that a value is typed for. */
  readonly path: readonly string[];
  readonly part: 'key' | 'value';
  /** What is typed already. */
  readonly prefix: string;
  /** Keys that the mapping has. */
  readonly siblings: ReadonlySet<string>;
  /** How far the line is indented. */
  readonly indent: number;
}

const KEY_LINE = /^( *)(?:- )?([A-Za-z_][\w-]*)\s*:(?:\s|$)/u;
/** Nobody types in longer ones, and what looks at the end of a line tries every way to get there. */
const MAX_LINE = 1000;

/**
 * What is being typed at the end of `before`. It goes by the indentation of the lines, since a document that is being
 * typed is seldom one that can be parsed.
 */
export function typingAt(before: string, after: string): Typing | undefined {
  const lines = before.split('\n');
  const line = lines.pop() ?? '';
  if (line.length > MAX_LINE) return undefined;
  const value = /^( *)(?:- )?([A-Za-z_][\w-]*):\s+(\[(?:.*,)?\s*["']?|["']?)([^#[\],"']*)$/u.exec(line);
  const item = /^( *)- ["']?([^:#]*)$/u.exec(line);
  const key = /^( *)([\w-]*)$/u.exec(line);
  if (value !== null) {
    const [, indent = '', name = '', , prefix = ''] = value;
    return typed([...parents(lines, indent.length), name], 'value', prefix, indent.length);
  }
  if (item !== null) {
    const [, indent = '', prefix = ''] = item;
    // A list may be indented as its key is.
    return typed(parents(lines, indent.length + 1), 'value', prefix, indent.length);
  }
  if (key === null) return undefined;
  const [, indent = '', prefix = ''] = key;
  const path = parents(lines, indent.length);
  return {
    path,
    part: 'key',
    prefix,
    indent: indent.length,
    siblings: siblingsOf(lines, after.split('\n').slice(1), indent.length),
  };
}

function typed(path: readonly string[], part: 'value', prefix: string, indent: number): Typing {
  return { path, part, prefix, indent, siblings: new Set() };
}

/** The keys that a line with this indentation is below. */
function parents(lines: readonly string[], indent: number): readonly string[] {
  const path: string[] = [];
  let depth = indent;
  for (const line of lines.toReversed()) {
    const match = KEY_LINE.exec(line);
    if (match === null) continue;
    const [, space = '', name = ''] = match;
    if (space.length >= depth) continue;
    path.unshift(name);
    depth = space.length;
    if (depth === 0) break;
  }
  return path;
}

function siblingsOf(
  before: readonly string[],
  after: readonly string[],
  indent: number,
): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (lines: readonly string[]) => {
    for (const line of lines) {
      const match = KEY_LINE.exec(line);
      if (match === null) continue;
      const [, space = '', name = ''] = match;
      if (space.length < indent) return;
      if (space.length === indent) found.add(name);
    }
  };
  collect(before.toReversed());
  collect(after);
  return found;
}
