import { t } from '@vscode/l10n';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type YAMLError } from 'yaml';
import { problem, type Problem } from './problem.ts';
import { YamlIndex } from './yaml-index.ts';
import { parseYaml, TooMuchYamlError } from './yaml-text.ts';

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
  readonly root: Node | null;
  readonly #index: YamlIndex;

  constructor(text: string) {
    this.text = text;
    const lines = new LineCounter();
    const parsed = readable(text, lines);
    if (parsed instanceof TooMuchYamlError) {
      this.root = null;
      this.#index = new YamlIndex(null);
      this.problems = [problem({ start: 0, end: 1 }, 'too-large', parsed.message)];
      return;
    }
    this.root = parsed.contents;
    this.#index = new YamlIndex(parsed.contents);
    this.problems = [
      ...parsed.errors.map((error) => syntaxProblem(error, lines, 'error')),
      ...parsed.warnings.map((warning) => syntaxProblem(warning, lines, 'warning')),
      ...this.#index.repeated.map((key) => repeatedKey(key, lines)),
    ];
  }

  /** The node itself, or what an alias stands for. */
  resolve(node: unknown): Node | undefined {
    return this.#index.resolve(node);
  }

  /** As plain values. @throws Error for aliases that expand without end */
  toValue(): unknown {
    return this.#index.toValue(this.root);
  }

  /** The node at the end of a path; undefined when the file does not go that far. */
  nodeAt(path: readonly PathStep[]): Node | undefined {
    let node = this.resolve(this.root);
    for (const step of path) {
      if (isMap(node)) node = this.resolve(this.#index.pair(node, String(step))?.value);
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
    const pair = this.#index.pair(parent, key);
    return pair === undefined ? undefined : rangeOfNode(pair.key);
  }
}

function readable(text: string, lines: LineCounter): Document.Parsed | TooMuchYamlError {
  try {
    return parseYaml(text, lines);
  } catch (error) {
    if (error instanceof TooMuchYamlError) return error;
    throw error;
  }
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

function repeatedKey(key: Node, lines: LineCounter): Problem {
  const range = rangeOfNode(key) ?? { start: 0, end: 1 };
  return problem(range, 'yaml', t('Line {0}: This key is given twice.', lines.linePos(range.start).line));
}
