import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { compileSchemas, installedSchemas } from '../../scripts/lib/compile-schemas.ts';
import type { ColdFigures } from './editor/cold.ts';
import { makeDomain } from './editor/documents.ts';
import type { WarmFigures } from './editor/warm.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, extras.xmllint, extras.xz],
};

const COLD_ROUNDS = 5;

/** Runs a measurement in a fresh process, so that neither its memory nor its caches are ours. */
async function measure<T>(script: string, args: readonly string[]): Promise<T> {
  const file = join(import.meta.dirname, 'editor', script);
  const { stdout } = await execa(process.execPath, ['--expose-gc', file, ...args], { stderr: 'inherit' });
  return JSON.parse(stdout) as T;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** What libxml2 takes for a document, without its start and its loading of the schema. */
async function xmllintMs(file: string): Promise<number> {
  const schema = join(installedSchemas, 'domain.rng');
  const { stderr } = await execa('xmllint', ['--noout', '--timing', '--relaxng', schema, file], {
    reject: false,
  });
  const [, parsing] = /Parsing took ([0-9]+) ms/.exec(stderr) ?? [];
  const [, validating] = /Validating took ([0-9]+) ms/.exec(stderr) ?? [];
  return Number(parsing ?? Number.NaN) + Number(validating ?? Number.NaN);
}

/** The corpus: a folder with its archives of documents, each with a manifest. */
async function unpackCorpus(corpus: string, target: string): Promise<void> {
  for (const name of ['libvirt-9.0', 'mutants-9.0'])
    await execa('tar', ['-xJf', join(corpus, `${name}.tar.xz`), '-C', target]);
}

/** How fast and how good the XML editor's engine is. KVM_CORPUS names the folder of the corpus, when there is one. */
export async function run(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-editor-'));
  try {
    const schemas = join(folder, 'schemas');
    await compileSchemas(installedSchemas, schemas);
    const document = join(folder, 'domain.xml');
    await writeFile(document, makeDomain(500));
    const large = join(folder, 'large.xml');
    await writeFile(large, makeDomain(2000));
    const cold: ColdFigures[] = [];
    for (let round = 0; round < COLD_ROUNDS; round += 1)
      cold.push(await measure<ColdFigures>('cold.ts', [schemas, document]));
    const corpus = process.env['KVM_CORPUS'];
    if (corpus !== undefined) await unpackCorpus(corpus, folder);
    const warm = await measure<WarmFigures>('warm.ts', [schemas, folder]);
    return {
      ...warm,
      cold_ms: median(cold.map(({ coldMs }) => coldMs)),
      heap_mb: median(cold.map(({ heapMb }) => heapMb)),
      xmllint_500_ms: await xmllintMs(document),
      xmllint_2000_ms: await xmllintMs(large),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
