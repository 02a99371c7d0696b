import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readManifest, upToDate } from './lib/manifest/files.ts';
import { manifestProblems } from './lib/manifest/problems.ts';
import { readSources } from './lib/manifest/sources.ts';
import { root } from './lib/paths.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

const [files, sources] = await Promise.all([readManifest(), readSources()]);
if (values.check) {
  const problems = manifestProblems(files, sources);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of Object.entries(upToDate(files, sources))) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
