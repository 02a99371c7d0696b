import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';

/** The texts of source files by their paths. */
export type Sources = ReadonlyMap<string, string>;

/** Everything in src but the tables of the manifest, by path. */
export async function readSources(): Promise<Sources> {
  const paths = globSync('src/**/*.ts', { cwd: root, exclude: ['src/workbench/manifest/**'] });
  return new Map(
    await Promise.all(
      paths.toSorted().map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const),
    ),
  );
}
