import { type Codec, flag, list, nameString, string, struct, uint } from '../codec.ts';
import { domainRef } from '../types.ts';

/** Message bodies that many procedures have in common. */
export const domainOnly = struct({ domain: domainRef });
export const domainFlags = struct({ domain: domainRef, flags: uint });
export const flagsOnly = struct({ flags: uint });
export const nameOnly = struct({ name: nameString });
export const nameFlags = struct({ name: nameString, flags: uint });
export const xmlOnly = struct({ xml: string });
export const xmlFlags = struct({ xml: string, flags: uint });
export const listArgs = struct({ needResults: flag, flags: uint });

/** The reply to a call that lists all of something: the things, and how many there are. */
export function listOf<T>(item: Codec<T>, max?: number): Codec<{ items: readonly T[]; count: number }> {
  return struct({ items: list(item, max), count: uint });
}
