import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildExtension } from './bundle.ts';
import { root } from './paths.ts';

/** What the package holds besides the bundle; `.vscodeignore` says it to vsce. */
const PACKED = ['package.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'schemas'];

/** Builds the extension for production and packs it. The checkout's own bundle stays: an editor may be running it. */
export async function packageExtension(packagePath: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-package-'));
  try {
    for (const name of PACKED) await cp(join(root, name), join(folder, name), { recursive: true });
    await buildExtension(true, join(folder, 'dist'));
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
