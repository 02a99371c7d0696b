import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../../model/files/lock.ts';

/**
 * Runs work on the private folder of a workspace, which holds keys and what ssh knows of its guests, while no other
 * guest and no other window does. The folder is made if it is missing. What runs must not call this itself.
 */
export async function withWorkspace<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return withLock(join(folder, '.lock'), work);
}
