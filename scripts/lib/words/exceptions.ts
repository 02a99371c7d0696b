import type { Comment, Node } from './syntax.ts';

/** The reason is for the reader. */
const MARK = /^\s*not for people: \S/;

interface Exception {
  /** Where the comment is. */
  readonly at: number;
  needed: boolean;
}

/** The comments `// not for people: why`, each of which covers the largest node that follows it. */
export class Exceptions {
  readonly #byNext = new Map<number, Exception>();

  constructor(text: string, comments: readonly Comment[]) {
    const commentAt = new Map(comments.map((comment) => [comment.start, comment]));
    for (const { value, start, end } of comments) {
      if (!MARK.test(value)) continue;
      let next = skipSpace(text, end);
      for (let comment = commentAt.get(next); comment !== undefined; comment = commentAt.get(next))
        next = skipSpace(text, comment.end);
      this.#byNext.set(next, { at: start, needed: false });
    }
  }

  /** The comment that covers a node; asked from the outside in. */
  covering(node: Node): Exception | undefined {
    return node.type === 'Program' ? undefined : this.#byNext.get(node.start);
  }

  /** Those that excuse nothing. */
  unneeded(): { at: number; message: string }[] {
    return [...this.#byNext.values()]
      .filter(({ needed }) => !needed)
      .map(({ at }) => ({ at, message: 'nothing that follows needs to be excused' }));
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text.charAt(at))) at++;
  return at;
}
