import type { DocumentedPlace } from './documented-place.ts';
import { ADDRESSES, CHARACTER_DEVICES, hostAddress } from './own-words/devices.ts';
import { DOMAIN } from './own-words/domain.ts';
import { OTHERS } from './own-words/others.ts';
import type { OwnWords, WordsByPlace } from './own-words/words.ts';

const WORDS: WordsByPlace = {
  ...ADDRESSES,
  ...hostAddress('network'),
  ...hostAddress('networkport'),
  ...hostAddress('nodedev'),
  ...CHARACTER_DEVICES,
  ...DOMAIN,
  ...OTHERS,
};

/** Undefined when we say nothing either. Words for more of the place's path are preferred to words for less of it. */
export function ownWords({ kind, path, attribute }: DocumentedPlace): OwnWords | undefined {
  const suffix = attribute === undefined ? '' : `@${attribute}`;
  for (let from = 0; from <= path.length; from += 1) {
    const key = path.slice(from).join('/') + suffix;
    const found = key === '' ? undefined : (wordsAt(`${kind}:${key}`) ?? wordsAt(key));
    if (found !== undefined) return typeof found === 'string' ? { text: found } : found;
  }
  return undefined;
}

function wordsAt(key: string): string | OwnWords | undefined {
  return Object.hasOwn(WORDS, key) ? WORDS[key]?.() : undefined;
}
