import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildExtension } from './bundle.ts';
import { installedSchemas } from './compile-schemas.ts';
import { installedDocumentation } from './documentation/compile.ts';
import { fingerprint } from './fingerprint.ts';
import { out, root } from './paths.ts';

/** What the package holds besides the bundle; `.vscodeignore` says it to vsce. */
const PACKED = [
  'package.json',
  'l10n',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'media',
  'schemas',
];

/** The words of package.json, in English and in whatever languages there are. */
function translated(): readonly string[] {
  return globSync('package.nls*.json', { cwd: root });
}

/** Builds the extension for production and packs it. The checkout's own bundle stays: an editor may be running it. */
export async function packageExtension(packagePath: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-package-'));
  try {
    for (const name of [...PACKED, ...translated()])
      await cp(join(root, name), join(folder, name), { recursive: true });
    await buildExtension(true, join(folder, 'dist'));
    const { createVSIX } = await import('@vscode/vsce');
    await createVSIX({
      cwd: folder,
      packagePath,
      // Everything that runs is bundled, so the package holds no node_modules.
      dependencies: false,
      allowMissingRepository: true,
      // The pictures of the README are in the package too.
      rewriteRelativeLinks: false,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The package of the checkout as it is now. Nothing happens when it is up to date. */
export async function packagedExtension(): Promise<string> {
  const sources = [...PACKED, ...translated(), 'src', 'scripts', 'package-lock.json'].map((name) =>
    join(root, name),
  );
  const folder = join(out, 'package');
  const path = join(
    folder,
    `${await fingerprint([...sources, installedSchemas, installedDocumentation])}.vsix`,
  );
  if (existsSync(path)) return path;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // In a process of its own, since packaging lists every file on its way.
  const made = join(folder, `${process.pid}.vsix`);
  await execa(process.execPath, [join(root, 'scripts', 'package.ts'), made], { stdin: 'ignore' });
  await rename(made, path);
  return path;
}
