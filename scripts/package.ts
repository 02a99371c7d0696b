import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import manifest from '../package.json' with { type: 'json' };
import { buildExtension } from './lib/bundle.ts';
import { root } from './lib/paths.ts';

const packagePath = join(root, `${manifest.name}-${manifest.version}.vsix`);

await buildExtension(true);
// Everything that runs is bundled, so the package holds no node_modules.
await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true });
