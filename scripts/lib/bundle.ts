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

const entry = join(root, 'src', 'extension.ts');

/**
 * Keeps what activation reads in one file.
 *
 * esbuild makes a chunk for each set of `import()`s that share a module, so the few modules of the
 * start were spread over a score of tiny files, and each file costs an extension host milliseconds to
 * resolve and read. Here all that is imported lazily also imports the entry, which runs long before:
 * every set is the same, and the start is one chunk.
 */
const startInOneChunk: Plugin = {
  name: 'start-in-one-chunk',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path: join(resolveDir, path), namespace: 'lazy' } : undefined,
    );
    bundle.onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
      contents: `import ${JSON.stringify(entry)};\nexport * from ${JSON.stringify(path)};`,
      resolveDir: root,
    }));
  },
};

function options(production: boolean): BuildOptions {
  return {
    ...extensionHost,
    entryNames: '[name]',
    outdir: dist,
    sourcemap: production ? false : 'linked',
    minify: production,
    treeShaking: true,
  };
}

function extensionOptions(production: boolean): BuildOptions {
  return {
    ...options(production),
    entryPoints: [entry],
    // What `import()` names is only read from disk when it is called for.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [startInOneChunk],
  };
}

/** Programs that run in a process or thread of their own. */
function programOptions(production: boolean): BuildOptions {
  return {
    ...options(production),
    entryPoints: ['src/transport/askpass-main.ts', 'src/editor/language/host/schema-worker.ts'],
  };
}

export async function buildExtension(production = false): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await Promise.all([
    build(extensionOptions(production)),
    build(programOptions(production)),
    buildData(dist),
  ]);
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
  const { plugins = [], ...extension } = extensionOptions(false);
  const watchers = await Promise.all([
    context({ ...extension, plugins: [...plugins, reportRounds] }),
    context(programOptions(false)),
  ]);
  await Promise.all([...watchers.map((watcher) => watcher.watch()), buildData(dist)]);
}
