import { t } from '@vscode/l10n';
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { problem, type Problem } from './problem.ts';

/** Larger than anybody writes by hand. */
const MAX_LENGTH = 1024 * 1024;

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A step from the root: a key of a mapping or an index of a list. */
export type PathStep = string | number;

/** The text of a kvm.yaml and its tree, whose nodes know their places in the text. */
export class EnvironmentDocument {
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly #document: Document.Parsed;

  constructor(text: string) {
    this.text = text;
    const readable = text.length <= MAX_LENGTH;
    const lineCounter = new LineCounter();
    this.#document = parseDocument(readable ? text : '', {
      lineCounter,
      prettyErrors: false,
      // YAML 1.1's `yes` and `0o10` surprise people.
      version: '1.2',
    });
    this.problems = readable
      ? [
          ...this.#document.errors.map((error) => syntaxProblem(error, lineCounter, 'error')),
          ...this.#document.warnings.map((warning) => syntaxProblem(warning, lineCounter, 'warning')),
        ]
      : [problem({ start: 0, end: 1 }, 'too-large', t('A kvm.yaml larger than 1 MiB is not read.'))];
  }

  get root(): Node | null {
    return this.#document.contents;
  }

  /** The node itself, or what an alias stands for. */
  resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return this.resolve(node.resolve(this.#document));
    return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
  }

  /** As plain values. @throws Error for aliases that expand without end */
  toValue(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 });
  }

  /** The node at the end of a path; undefined when the file does not go that far. */
  nodeAt(path: readonly PathStep[]): Node | undefined {
    let node = this.resolve(this.root);
    for (const step of path) {
      if (isMap(node)) node = this.resolve(pairOf(node, String(step))?.value);
      else if (isSeq(node) && typeof step === 'number') node = this.resolve(node.items[step]);
      else return undefined;
    }
    return node;
  }

  /** Where the value at a path stands; for a path that the file does not have, its nearest parent. */
  rangeOf(path: readonly PathStep[]): TextRange {
    for (let length = path.length; length > 0; length -= 1) {
      const part = path.slice(0, length);
      const node = this.nodeAt(part);
      const range = node === undefined ? undefined : rangeOfNode(node);
      if (range !== undefined && range.end > range.start) return range;
      const key = this.keyRange(part);
      if (key !== undefined) return key;
    }
    return { start: 0, end: Math.min(1, this.text.length) };
  }

  /** Where the last key of a path stands. */
  keyRange(path: readonly PathStep[]): TextRange | undefined {
    const key = path.at(-1);
    const parent = this.nodeAt(path.slice(0, -1));
    if (!isMap(parent) || typeof key !== 'string') return undefined;
    const pair = pairOf(parent, key);
    return pair === undefined ? undefined : rangeOfNode(pair.key);
  }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isPair(pair) && keyText(pair) === key);
}

/** The key of a pair as text; undefined for a key that is a list or mapping. */
export function keyText(pair: Pair): string | undefined {
  const { key } = pair;
  if (!isScalar(key)) return undefined;
  return String(key.value);
}

/** The range of a node, without the white space behind it. */
export function rangeOfNode(node: unknown): TextRange | undefined {
  if (!(isScalar(node) || isMap(node) || isSeq(node) || isAlias(node))) return undefined;
  const { range } = node;
  return range === null || range === undefined ? undefined : { start: range[0], end: range[1] };
}

function syntaxProblem(
  { pos, message }: Pick<YAMLError, 'pos' | 'message'>,
  lines: LineCounter,
  severity: Problem['severity'],
): Problem {
  const [start, end] = pos;
  const [first = ''] = message.split('\n');
  // The sentence may be read far from the file.
  const text = t('Line {0}: {1}', lines.linePos(start).line, first);
  return problem({ start, end: Math.max(end, start + 1) }, 'yaml', text, severity);
}
