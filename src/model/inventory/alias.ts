import { createHash } from 'node:crypto';

const NAME_MAX = 24;
const MARK_LENGTH = 6;

/**
 * A short name for a host in addresses of documents: what people call it, and a mark of its URI that two hosts do not
 * share. Lower-case letters, digits and hyphens only, so that nothing has to be encoded.
 */
export function aliasOf({ name, uri }: { readonly name: string; readonly uri: string }): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, NAME_MAX)
    .replaceAll(/^-+|-+$/g, '');
  const mark = createHash('sha256').update(uri).digest('hex').slice(0, MARK_LENGTH);
  return `${plain === '' ? 'host' : plain}-${mark}`;
}

/** Whether two aliases mean the same host, also when it was given another name in between. */
export function sameAlias(a: string, b: string): boolean {
  return a.slice(-MARK_LENGTH) === b.slice(-MARK_LENGTH);
}
