/** Both count from 0; a column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets of a text into lines and columns and back, in logarithmic time. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The line that an offset is on; offsets out of the text count as its start or end. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const inside = Math.min(Math.max(offset, 0), this.#length);
    const line = this.lineAt(inside);
    return { line, column: inside - (this.#starts[line] ?? 0) };
  }

  /** The offset of a line's first character; the text's end for lines that do not exist. */
  lineStart(line: number): number {
    return line < 0 ? 0 : (this.#starts[line] ?? this.#length);
  }

  /** A column behind the line's end counts as its end. */
  offsetAt(position: Position): number {
    const start = this.lineStart(position.line);
    const next = this.#starts[position.line + 1];
    return Math.min(start + Math.max(position.column, 0), next === undefined ? this.#length : next - 1);
  }
}
