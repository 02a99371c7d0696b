import { LineIndex } from './line-index.ts';
import { isSpace } from './characters.ts';

/** Tells how far the line of an offset is indented. What was found is remembered, so long lines stay cheap. */
export class Indentation {
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #widths = new Map<number, number>();

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineIndex(text);
  }

  lineOf(offset: number): number {
    return this.#lines.lineAt(offset);
  }

  /** The number of white space characters at the start of the line. */
  widthAt(offset: number): number {
    const line = this.#lines.lineAt(offset);
    const known = this.#widths.get(line);
    if (known !== undefined) return known;
    const start = this.#lines.lineStart(line);
    let at = start;
    while (at < this.#text.length && this.#text.charCodeAt(at) !== 0x0a && isSpace(this.#text.charCodeAt(at)))
      at += 1;
    this.#widths.set(line, at - start);
    return at - start;
  }
}
