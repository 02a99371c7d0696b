import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * Removes everything below `root` that is neither a file, a folder nor a link to one within `root`. Links are resolved
 * as the system would, since one link can change what `..` in another means. Returns the paths that were removed.
 */
export async function removeWhatLeadsOut(root: string): Promise<readonly string[]> {
  const top = await lstat(root);
  if (!top.isDirectory()) {
    if (top.isFile()) return [];
    await rm(root);
    return [root];
  }
  const whole = await realpath(root);
  const removed: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink() && (await leadsInto(whole, path))) continue;
    await rm(path);
    removed.push(path);
  }
  return removed;
}

async function leadsInto(folder: string, link: string): Promise<boolean> {
  const end = await realpath(link).catch(() => undefined);
  return end !== undefined && (end === folder || end.startsWith(folder + sep));
}
