import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { packageExtension } from './lib/package.ts';
import { root } from './lib/paths.ts';

const [path = join(root, `${manifest.name}-${manifest.version}.vsix`)] = process.argv.slice(2);
await packageExtension(path);
