import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OWNER_PATTERN, stillRuns, thisOwner } from './owner.ts';

/** Nothing that is being made on another machine stays untouched for so long. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;
/** File systems take 255 bytes. */
const STEM_LENGTH = 48;

/**
 * A name beside a path that nobody else uses: in the same file system, so that what is made there can be renamed to the
 * path. It names this process, so that {@link removeLeftovers} can tell what a dead one left.
 */
export async function temporaryName(path: string): Promise<string> {
  const random = randomBytes(6).toString('hex');
  return join(dirname(path), `${prefixOf(path)}${await thisOwner()}.${random}${SUFFIX}`);
}

/** Runs work with a new private folder beside a path, which is removed with all that is in it. */
export async function withTemporaryFolder<T>(path: string, work: (folder: string) => Promise<T>): Promise<T> {
  await removeLeftovers(path);
  const folder = await temporaryName(path);
  await mkdir(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Removes what processes that died have left in the folder of this path, whatever they made there: a name that is made
 * only once, such as one with the time in it, would never be looked for again.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, owner] = TEMPORARY.exec(name) ?? [];
    const place = join(folder, name);
    if (owner === undefined || ((await stillRuns(owner)) ?? !(await isForgotten(place)))) continue;
    // In a folder that many share, another user's is not ours to remove.
    await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}

const SUFFIX = '.part';
const TEMPORARY = new RegExp(String.raw`^\..+\.(${OWNER_PATTERN.source})\.[0-9a-f]{12}\.part$`, 'u');

function prefixOf(path: string): string {
  return `.${basename(path).slice(0, STEM_LENGTH)}.`;
}

async function isForgotten(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > FORGOTTEN_MS,
    () => true,
  );
}
