/** What we say ourselves of a place of which libvirt's documentation says nothing. */
export interface OwnWords {
  /** Words in typewriter type stand between backticks. */
  readonly text: string;
  readonly default?: string;
}

/** By place, such as `disk/source@file`, which may begin with the kind of document: `network:ip`. */
export type WordsByPlace = Readonly<Record<string, () => string | OwnWords>>;
