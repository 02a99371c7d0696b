import { LineIndex } from './line-index.ts';
import { isSpace } from './characters.ts';

/** Tells how far the line of an offset is indented. The last line is remembered, so long ones stay cheap. */
export class Indentation {
  readonly #text: string;
  readonly #lines: LineIndex;
  #lastLine = -1;
  #lastWidth = 0;

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
    if (line === this.#lastLine) return this.#lastWidth;
    const start = this.#lines.lineStart(line);
    let at = start;
    while (at < this.#text.length && this.#text.charCodeAt(at) !== 0x0a && isSpace(this.#text.charCodeAt(at)))
      at += 1;
    this.#lastLine = line;
    this.#lastWidth = at - start;
    return this.#lastWidth;
  }
}
