/** An end tag that was written by itself. */
interface WrittenTag {
  readonly name: string;
  readonly start: number;
  /** Behind its `>`. */
  readonly end: number;
}

/** A change of a text, as VS Code tells it. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** More would be those of documents that were typed through long ago. */
const KEPT_MAX = 200;

/** The end tags of one document that were written by themselves, kept up with what is typed around them. */
export class WrittenTags {
  #tags: readonly WrittenTag[] = [];

  add(name: string, start: number): void {
    this.#tags = [...this.#tags, { name, start, end: start + name.length + 3 }].slice(-KEPT_MAX);
  }

  /** Call it for every change of the text. Tags that a change touches are a person's from then on. */
  follow(changes: readonly TextChange[]): void {
    for (const change of changes) this.#tags = this.#tags.flatMap((tag) => moved(tag, change) ?? []);
  }

  forget(): void {
    this.#tags = [];
  }

  /** The one that comes next after an offset, with nothing but white space between. */
  after(text: string, offset: number): WrittenTag | undefined {
    return this.#tags.find(
      (tag) => tag.start >= offset && isThere(text, tag) && text.slice(offset, tag.start).trim() === '',
    );
  }

  /** The first one of a name behind an offset, whatever stands between. */
  next(text: string, offset: number, name: string): WrittenTag | undefined {
    return this.#tags
      .filter((tag) => tag.name === name && tag.start >= offset && isThere(text, tag))
      .toSorted((a, b) => a.start - b.start)[0];
  }

  endsAt(text: string, offset: number, name: string): boolean {
    return this.#tags.some((tag) => tag.end === offset && tag.name === name && isThere(text, tag));
  }
}

function isThere(text: string, { name, start }: WrittenTag): boolean {
  return text.startsWith(`</${name}>`, start);
}

function moved(tag: WrittenTag, { rangeOffset, rangeLength, text }: TextChange): WrittenTag | undefined {
  if (rangeOffset >= tag.end) return tag;
  if (rangeOffset + rangeLength > tag.start) return undefined;
  const by = text.length - rangeLength;
  return { ...tag, start: tag.start + by, end: tag.end + by };
}

/** Where a place is after a change; what is typed right at it comes behind it. */
export function movedPlace(place: number, { rangeOffset, rangeLength, text }: TextChange): number {
  if (rangeOffset >= place) return place;
  return Math.max(rangeOffset, place - rangeLength) + text.length;
}
