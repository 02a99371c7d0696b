import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers } from './temporary.ts';

const HOUR_MS = 60 * 60 * 1000;

/** What a release that did not name its process in it may have left: only its age tells that nobody makes it now. */
export interface Residue {
  /** What its name looks like: as narrow as it can be, since people have files, too. */
  readonly form: RegExp;
  readonly forgottenMs: number;
}

/** Nothing that is made in a minute is still being made. */
export const SOON_FORGOTTEN_MS = HOUR_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * Removes from a folder what processes that died have left there: all that names one of them, and what has one of these
 * forms, is our own user's, and has long not been touched. What cannot be removed stays for the next time.
 */
export async function sweep(
  folder: string,
  residues: readonly Residue[],
  {
    now = Date.now(),
    uid = process.getuid?.(),
  }: { readonly now?: number; readonly uid?: number | undefined } = {},
): Promise<void> {
  await removeLeftovers(join(folder, 'any'));
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const residue = residues.find(({ form }) => form.test(name));
    if (residue === undefined) continue;
    const place = join(folder, name);
    const found = await lstat(place).catch(() => undefined);
    if (found === undefined || (uid !== undefined && found.uid !== uid)) continue;
    if (now - found.mtimeMs <= residue.forgottenMs) continue;
    await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}
