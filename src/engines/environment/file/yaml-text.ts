import { t } from '@vscode/l10n';
import { Composer, type CST, type Document, Lexer, type LineCounter, Parser, YAMLParseError } from 'yaml';

/** Larger than anybody writes by hand. */
const MAX_LENGTH = 1024 * 1024;
/** Words and marks that a file may be made of; one of a thousand lines has some 5,000. */
const MAX_PARTS = 50_000;
/** The schema nests seven deep, and YAML's reader calls itself for each level. */
const MAX_DEPTH = 64;

/** The text is not read: that would take longer than anybody waits at a keystroke. */
export class TooMuchYamlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooMuchYamlError';
  }
}

/**
 * Reads a YAML text in linear time. A key that is given twice is no error here: YAML's reader would compare each key
 * with all before it. @throws TooMuchYamlError
 */
export function parseYaml(text: string, lines: LineCounter): Document.Parsed {
  if (text.length > MAX_LENGTH)
    throw new TooMuchYamlError(t('A kvm.yaml larger than {0} MiB is not read.', MAX_LENGTH / 1024 / 1024));
  // YAML 1.1's `yes` and `0o10` surprise people.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const [document, second] = composer.compose(tokensOf(text, lines), true, text.length);
  // not for people: a fault of the program
  if (document === undefined) throw new RangeError('There is always a document');
  if (second !== undefined) {
    const [start, end] = second.range;
    const message = t('A kvm.yaml is one document: “---” may not begin a second one.');
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', message));
  }
  return document;
}

function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let parts = 0;
  for (const lexeme of new Lexer().lex(text)) {
    parts += lexeme.startsWith('"') ? 1 + countOf(lexeme, '\\') : 1;
    if (parts > MAX_PARTS)
      throw new TooMuchYamlError(
        t('This file is not read: a kvm.yaml may have up to {0} words and marks.', MAX_PARTS),
      );
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH)
      throw new TooMuchYamlError(
        t('This file is not read: a kvm.yaml may be nested up to {0} deep.', MAX_DEPTH),
      );
  }
  yield* parser.end();
}

/** Each escape may be an error of its own. */
function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}
