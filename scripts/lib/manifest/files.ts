import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { generate } from './contributes.ts';

/** The two files of the manifest that VS Code reads. */
export interface ManifestFiles {
  readonly 'package.json': string;
  readonly 'package.nls.json': string;
}

export async function readManifest(): Promise<ManifestFiles> {
  const [manifest, texts] = await Promise.all([
    readFile(join(root, 'package.json'), 'utf8'),
    readFile(join(root, 'package.nls.json'), 'utf8').catch(() => ''),
  ]);
  return { 'package.json': manifest, 'package.nls.json': texts };
}

/** The same files as they would be if they were generated now. What package.json says besides stays. */
export function upToDate(files: ManifestFiles): ManifestFiles {
  const { capabilities, contributes, texts } = generate();
  const manifest = JSON.parse(files['package.json']) as Readonly<Record<string, unknown>>;
  return {
    'package.json': print({ ...manifest, capabilities, contributes }),
    'package.nls.json': print(texts),
  };
}

/** As the formatter would have it. */
function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
