import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { t } from '@vscode/l10n';

/** A link stands where a file is to be made: it may lead anywhere. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code = 'link';
  readonly hint: string;

  constructor(link: string) {
    super(t('{0} is a link, which may lead out of the folder', link));
    this.hint = t('Nothing was written. Replace the link by a folder or a file.');
  }
}

/**
 * Checks that neither a path nor any folder between it and `folder` is a link. What does not exist yet is fine.
 * @throws LinkError
 * @throws TypeError for a path that does not lie in the folder
 */
export async function checkInside(path: string, folder: string): Promise<void> {
  const parts = relative(folder, path).split(sep);
  if (parts[0] === '' || parts[0] === '..') throw new TypeError(`${path} is not in ${folder}`);
  let place = folder;
  for (const part of parts) {
    place = join(place, part);
    const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new LinkError(place);
  }
}
