import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../../model/files/lock.ts';
import { writeWhole } from '../../../model/files/replace-file.ts';

/** A word that names a folder of images among all that copy images to the same host. Made when it is first asked for. */
export async function uploaderToken(folder: string): Promise<string> {
  const path = join(folder, '.uploader');
  await mkdir(folder, { recursive: true });
  return withLock(`${path}.lock`, async () => {
    const known = (await readFile(path, 'utf8').catch(() => '')).trim();
    if (/^[0-9a-f]{8}$/u.test(known)) return known;
    const token = randomBytes(4).toString('hex');
    await writeWhole(path, token);
    return token;
  });
}
