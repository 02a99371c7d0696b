import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { findUntranslated } from './untranslated.ts';

/** Its texts become package.nls.json, which VS Code itself translates. */
const MANIFEST = 'src/workbench/manifest';

let findings = 0;
for await (const file of glob('src/**/*.ts', { cwd: root })) {
  if (file.startsWith(`${MANIFEST}/`)) continue;
  for (const { line, message } of findUntranslated(file, await readFile(join(root, file), 'utf8'))) {
    console.log(`${file}:${line}: ${message}`);
    findings++;
  }
}
if (findings > 0) {
  console.log(`\n${findings} findings; scripts/lib/words/untranslated.ts has the rules.`);
  process.exitCode = 1;
}
