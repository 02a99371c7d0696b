import type { Checksum } from '../file/model.ts';

const LENGTHS = { 64: 'sha256', 128: 'sha512' } as const;

/**
 * Finds the checksum of a file in a publisher's list: lines of sha256sum (`digest  name`), of BSD
 * (`SHA256 (name) = digest`), or the one digest that a file holds. Undefined when it is not there.
 */
export function checksumIn(list: string, name: string): Checksum | undefined {
  for (const line of list.split('\n')) {
    const [, bsdName, bsdDigest] = /^SHA(?:256|512) \((.+)\) = ([0-9a-fA-F]+)\s*$/u.exec(line) ?? [];
    const [, digest, sumName] = /^([0-9a-fA-F]{64,128})\s+\*?(?:\.\/)?(\S+)\s*$/u.exec(line) ?? [];
    if (bsdName === name && bsdDigest !== undefined) return checksum(bsdDigest);
    if (sumName === name && digest !== undefined) return checksum(digest);
  }
  const [only, ...others] = list.trim().split(/\s+/u);
  return only !== undefined && others.length === 0 ? checksum(only) : undefined;
}

/** `sha256:…` as a person writes it. */
export function parseChecksum(text: string): Checksum | undefined {
  const [algorithm, digest = ''] = text.split(':');
  const found = checksum(digest);
  return found?.algorithm === algorithm ? found : undefined;
}

function checksum(digest: string): Checksum | undefined {
  const algorithm = LENGTHS[digest.length as keyof typeof LENGTHS];
  return algorithm === undefined || !/^[0-9a-fA-F]+$/u.test(digest)
    ? undefined
    : { algorithm, digest: digest.toLowerCase() };
}
