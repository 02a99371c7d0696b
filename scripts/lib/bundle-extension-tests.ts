import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { extensionHost } from './bundle.ts';
import { out, root } from './paths.ts';

/**
 * Bundles the extension-host tests into one module whose `run` VS Code calls.
 * @returns its path, or nothing when there are no such tests
 */
export async function bundleExtensionTests(): Promise<string | undefined> {
  const files: string[] = [];
  for await (const file of glob('test/workbench/extension/**/*.test.ts', { cwd: root })) files.push(file);
  if (files.length === 0) return undefined;
  // The tests register themselves with mocha when they are loaded, which is after it was set up.
  const imports = files.toSorted().map((file) => `await import(${JSON.stringify(`./${file}`)});`);
  const contents = `import { runMocha } from './test/workbench/extension/run.ts';
export const run = () => runMocha(async () => { ${imports.join('\n')} });`;
  const outfile = join(out, 'extension-tests', 'run.mjs');
  await build({
    ...extensionHost,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    packages: 'external',
    sourcemap: 'inline',
  });
  return outfile;
}
