import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readManifest, upToDate } from './lib/manifest/files.ts';
import { manifestProblems } from './lib/manifest/problems.ts';
import { readSources } from './lib/manifest/sources.ts';
import { root } from './lib/paths.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

const files = await readManifest();
if (values.check) {
  const problems = manifestProblems(files, await readSources());
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of Object.entries(upToDate(files))) await writeFile(join(root, name), text);
}
