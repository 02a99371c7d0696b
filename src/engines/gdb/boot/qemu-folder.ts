import { chmod, mkdtemp, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

/** A new folder whose files QEMU can reach as another user, and whose names nobody else can list. */
export async function makeQemuFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(await enterable(tmpdir()), prefix));
  await chmod(folder, 0o711);
  return folder;
}

/** Some systems give each user a temporary folder that nobody else may enter: then it is that of all. */
async function enterable(folder: string): Promise<string> {
  const real = await realpath(folder);
  for (let path = real; path !== dirname(path); path = dirname(path))
    if (((await stat(path)).mode & OTHERS_MAY_ENTER) === 0) return '/tmp';
  return real;
}
