import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions, type BuildResult, context, type Plugin } from 'esbuild';
import { buildData } from './data.ts';
import { root } from './paths.ts';
import { thirdPartyNotices } from './third-party.ts';

/** Where VS Code finds the extension of a checkout. */
const dist = join(root, 'dist');

interface Bundle {
  readonly production: boolean;
  readonly folder: string;
}

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

function options({ production, folder }: Bundle): BuildOptions {
  return {
    ...extensionHost,
    entryNames: '[name]',
    outdir: folder,
    sourcemap: production ? false : 'linked',
    minify: production,
    treeShaking: true,
  };
}

function extensionOptions(bundle: Bundle): BuildOptions {
  return {
    ...options(bundle),
    entryPoints: [entry],
    // What `import()` names is only read from disk when it is called for.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [startInOneChunk],
  };
}

/** Parts of cdt-gdb-adapter for boards on serial lines and a gdb in a terminal: native modules that no guest needs. */
const UNUSED_BY_GUESTS = /^serialport$|native\/(?:pty|forked-file)$/;

/** Whoever calls for one of them is told so. */
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  setup(adapter) {
    adapter.onResolve({ filter: UNUSED_BY_GUESTS }, ({ path }) => ({ path, namespace: 'unused' }));
    adapter.onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => { if (name !== '__esModule') throw new Error(${JSON.stringify(`${path} is not part of this debug adapter`)}); } });`,
    }));
  },
};

/** Programs that run in a process or thread of their own. */
function programOptions(bundle: Bundle): BuildOptions {
  return {
    ...options(bundle),
    entryPoints: [
      'src/client/transport/askpass-main.ts',
      'src/workbench/editor/language/host/schema-worker.ts',
      'src/engines/gdb/adapter/debug-adapter-main.ts',
      'src/engines/environment/access/ssh-terminal-main.ts',
    ],
    plugins: [withoutNativeParts],
  };
}

/** What runs in the browser's side: a module each. */
function webviewOptions(bundle: Bundle): BuildOptions {
  return {
    ...options(bundle),
    platform: 'browser',
    target: 'es2023',
    banner: {},
    external: [],
    entryPoints: { display: 'src/webview/display/main.ts' },
    outdir: join(bundle.folder, 'webview'),
  };
}

/** Names those whose code is in the bundles beside them. */
async function writeNotices(
  folder: string,
  results: readonly BuildResult<{ metafile: true }>[],
): Promise<void> {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'third-party-notices.txt'), await thirdPartyNotices(inputs));
}

export async function buildExtension(production = false, folder = dist): Promise<void> {
  const bundle = { production, folder };
  await rm(folder, { recursive: true, force: true });
  const named = <T extends BuildOptions>(each: T) => ({ ...each, metafile: true }) as const;
  const [results] = await Promise.all([
    Promise.all([
      build(named(extensionOptions(bundle))),
      build(named(programOptions(bundle))),
      build(named(webviewOptions(bundle))),
    ]),
    buildData(folder),
  ]);
  await writeNotices(folder, results);
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
  const bundle = { production: false, folder: dist };
  const { plugins = [], ...extension } = extensionOptions(bundle);
  const watchers = await Promise.all([
    context({ ...extension, plugins: [...plugins, reportRounds] }),
    context(programOptions(bundle)),
    context(webviewOptions(bundle)),
  ]);
  await Promise.all([...watchers.map((watcher) => watcher.watch()), buildData(dist)]);
}
