/** The most characters of a name that a sentence shows. */
const MAX_NAME = 60;

/** A name for a sentence: it may be as long as the document, and stand in hundreds of sentences. */
export function shortName(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
