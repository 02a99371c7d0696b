import { createVSIX } from '@vscode/vsce';
import { buildExtension } from './bundle.ts';
import { root } from './paths.ts';

/** Builds the extension for production and packs it. */
export async function packageExtension(packagePath: string): Promise<void> {
  await buildExtension(true);
  await createVSIX({
    cwd: root,
    packagePath,
    // Everything that runs is bundled, so the package holds no node_modules.
    dependencies: false,
    allowMissingRepository: true,
    // The pictures of the README are in the package too.
    rewriteRelativeLinks: false,
  });
}
