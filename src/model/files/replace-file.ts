import { chmod, chown, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkInside } from './inside.ts';
import { removeLeftovers, temporaryName } from './temporary.ts';

export interface ReplaceOptions {
  /** Of a file that is new, such as 0o600; one that is replaced keeps its own. */
  readonly mode?: number;
  /**
   * A folder that somebody else may have arranged, such as a workspace: no link below it is followed, neither on the
   * way to the file nor at its place.
   */
  readonly inside?: string | undefined;
}

/** Writes a file whole or not at all, as {@link replaceFile} does. */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  options: ReplaceOptions = {},
): Promise<void> {
  await replaceFile(path, (temporary) => writeFile(temporary, data), options);
}

/**
 * Makes or replaces a file in one step: `make` fills a temporary file beside it, which is safe on the disk before it
 * takes the name. Whoever reads the name, and wherever this ends, finds the old file or the new one. The temporary file
 * is there already, empty and with the right mode. A link stays a link: what it leads to is replaced.
 * @throws LinkError
 */
export async function replaceFile<T>(
  path: string,
  make: (temporary: string) => Promise<T>,
  { mode = 0o666, inside }: ReplaceOptions = {},
): Promise<T> {
  if (inside !== undefined) await checkInside(path, inside);
  const place = await endOfLinks(path);
  await removeLeftovers(place);
  const temporary = await temporaryName(place);
  // Fails where anything is already, also a link.
  await (await open(temporary, 'wx', mode)).close();
  try {
    await copyOwnerAndMode(place, temporary);
    const result = await make(temporary);
    await sync(temporary, 'r+').catch(unlessForeign);
    await rename(temporary, place);
    // The name as well; not every system can.
    await sync(dirname(place), 'r').catch(() => undefined);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Where a chain of links ends, also where nothing is yet. */
async function endOfLinks(path: string, steps = 40): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined || steps === 0) return path;
  return endOfLinks(resolve(await realpath(dirname(path)), target), steps - 1);
}

async function copyOwnerAndMode(from: string, to: string): Promise<void> {
  const old = await stat(from).catch(() => undefined);
  if (old === undefined) return;
  // Only root may give a file away.
  await chown(to, old.uid, old.gid).catch(() => undefined);
  await chmod(to, old.mode & 0o7777);
}

/** What a daemon has written may be its own, and is named all the same. */
function unlessForeign(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EACCES') throw error;
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
