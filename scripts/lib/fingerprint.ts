import { createHash } from 'node:crypto';
import { type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files and folders with all that is in them, as one word that is another one when any of it was changed. */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(paths.map(linesOf));
  return createHash('sha256').update(lines.flat().toSorted().join('\n')).digest('hex').slice(0, 16);
}

async function linesOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [`${path} is missing`];
  if (!found.isDirectory()) return [line(path, found)];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return Promise.all(
    files.map(async ({ parentPath, name }) =>
      line(join(parentPath, name), await stat(join(parentPath, name))),
    ),
  );
}

function line(path: string, { size, mtimeMs }: Stats): string {
  return `${path} ${size} ${mtimeMs}`;
}
