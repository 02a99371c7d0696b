import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { sentencesIn } from '../words/sentences.ts';
import { generate } from './contributes.ts';
import type { Sources } from './sources.ts';

/** Where VS Code looks for the sentences of the sources in the person's language, as `bundle.l10n.LANGUAGE.json`. */
const FOLDER = './l10n';

/** The files of the manifest that VS Code, and whoever translates, read. */
export interface ManifestFiles {
  readonly 'package.json': string;
  readonly 'package.nls.json': string;
  readonly 'l10n/bundle.l10n.json': string;
}

export async function readManifest(): Promise<ManifestFiles> {
  const read = (name: keyof ManifestFiles) => readFile(join(root, name), 'utf8');
  const [manifest, texts, sentences] = await Promise.all([
    read('package.json'),
    read('package.nls.json').catch(() => ''),
    read('l10n/bundle.l10n.json').catch(() => ''),
  ]);
  return { 'package.json': manifest, 'package.nls.json': texts, 'l10n/bundle.l10n.json': sentences };
}

/** The same files as they would be if they were generated now. What package.json says besides stays. */
export function upToDate(files: ManifestFiles, sources: Sources): ManifestFiles {
  const { capabilities, contributes, texts } = generate();
  const manifest = JSON.parse(files['package.json']) as Readonly<Record<string, unknown>>;
  return {
    'package.json': print({ ...manifest, l10n: FOLDER, capabilities, contributes }),
    'package.nls.json': print(texts),
    'l10n/bundle.l10n.json': print(bundle(sources)),
  };
}

/** Every sentence, which is its own key: a translation has the same keys. */
function bundle(sources: Sources): Readonly<Record<string, string>> {
  const sentences = [...sources].flatMap(([path, text]) => sentencesIn(path, text));
  return Object.fromEntries([...new Set(sentences)].toSorted().map((sentence) => [sentence, sentence]));
}

/** As the formatter would have it. */
function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
