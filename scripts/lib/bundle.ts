import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, context, type BuildOptions, type Plugin } from 'esbuild';
import { buildData } from './data.ts';
import { root } from './paths.ts';

const dist = join(root, 'dist');

/** CommonJS packages call `require` for Node's own modules, which an ES module does not have. */
const requireInModules = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** What any bundle for VS Code's extension host needs. */
export const extensionHost: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  external: ['vscode'],
  banner: { js: requireInModules },
  logLevel: 'warning',
};

function extensionOptions(production: boolean): BuildOptions {
  return {
    ...extensionHost,
    entryPoints: [
      'src/extension.ts',
      'src/transport/askpass-main.ts',
      'src/editor/language/host/schema-worker.ts',
    ],
    entryNames: '[name]',
    outdir: dist,
    // What `import()` names is only read from disk when it is called for.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: production ? false : 'linked',
    minify: production,
    treeShaking: true,
  };
}

export async function buildExtension(production = false): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await Promise.all([build(extensionOptions(production)), buildData(dist)]);
}

/** The words that the background task in `.vscode/tasks.json` waits for. */
const reportRounds: Plugin = {
  name: 'report-rounds',
  setup(round) {
    round.onStart(() => console.log('[watch] build started'));
    round.onEnd((result) => console.log(`[watch] build finished, ${result.errors.length} errors`));
  },
};

export async function watchExtension(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const watcher = await context({ ...extensionOptions(false), plugins: [reportRounds] });
  await Promise.all([watcher.watch(), buildData(dist)]);
}
