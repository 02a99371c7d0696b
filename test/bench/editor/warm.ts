import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analysis } from '../../../src/language/schema/analysis.ts';
import { complete } from '../../../src/language/schema/complete.ts';
import { schemaForKind } from '../../../src/language/schema/kinds.ts';
import type { Schema } from '../../../src/language/schema/schema.ts';
import { compiledFolder, SchemaSet } from '../../../src/language/schema/schema-set.ts';
import { validate } from '../../../src/language/schema/validate.ts';
import { LineIndex } from '../../../src/language/xml/line-index.ts';
import { parseDocument } from '../../../src/language/xml/parse.ts';
import { makeDomain } from './documents.ts';
import { Recall } from './recall.ts';

/** What the engine does once it is warm, and how good its answers are. */
export interface WarmFigures {
  readonly d500_validate_p50_ms: number;
  readonly d500_validate_p99_ms: number;
  readonly d2000_p99_ms: number;
  readonly completion_p99_ms: number;
  readonly recall_elements: number;
  readonly recall_attributes: number;
  readonly recall_values: number;
  readonly precision_violations: number;
  readonly errors_per_mistake: number;
  readonly line_accuracy: number;
}

interface Sample {
  readonly text: string;
  readonly schema: Schema;
}

interface Mutant extends Sample {
  /** Counted from 1; undefined when the mistake is on no line of its own. */
  readonly line: number | undefined;
}

const [schemas = '', corpus = ''] = process.argv.slice(2);
const set = new SchemaSet(compiledFolder(schemas, 'compiled'));

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function timed(work: () => void, rounds: number): number[] {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    work();
    times.push(performance.now() - started);
  }
  return times;
}

function manifest(name: string): Record<string, string>[] {
  const path = join(corpus, name, 'manifest.tsv');
  if (!existsSync(path)) return [];
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const columns = header.split('\t');
  return lines.map((line) =>
    Object.fromEntries(line.split('\t').map((cell, at) => [columns[at] ?? '', cell])),
  );
}

function sample(folder: string, row: Record<string, string>): Sample | undefined {
  const name = schemaForKind(row['schema'] ?? '');
  if (name === undefined) return undefined;
  return { text: readFileSync(join(corpus, folder, row['file'] ?? ''), 'utf8'), schema: set.get(name) };
}

function validSamples(): Sample[] {
  const found = manifest('libvirt-9.0')
    .filter((row) => row['jing'] === 'valid')
    .map((row) => sample('libvirt-9.0', row))
    .filter((each) => each !== undefined);
  return found.length > 0 ? found : [{ text: makeDomain(200), schema: set.get('domain') }];
}

function mutants(): Mutant[] {
  const found: Mutant[] = [];
  for (const row of manifest('mutants-9.0')) {
    const each = row['jing'] === 'invalid' ? sample('mutants-9.0', row) : undefined;
    const line = Number(row['line']);
    if (each !== undefined) found.push({ ...each, line: line > 0 ? line : undefined });
  }
  return found.length > 0 ? found : ownMutants();
}

/** Every tenth line of a document of our own, with a letter too many in its first name. */
function ownMutants(): Mutant[] {
  const lines = makeDomain(200).split('\n');
  const found: Mutant[] = [];
  for (let line = 1; line < lines.length; line += 10) {
    const broken = lines[line]?.replace(/<([a-z]+)( [^>]*)?\/>/, '<z$1$2/>') ?? '';
    if (broken !== lines[line])
      found.push({ text: lines.with(line, broken).join('\n'), schema: set.get('domain'), line: line + 1 });
  }
  return found;
}

function mistakes(): { readonly perMistake: number; readonly lineAccuracy: number } {
  const all = mutants();
  let errors = 0;
  let lines = 0;
  let hits = 0;
  for (const { text, schema, line } of all) {
    const found = validate(parseDocument(text), schema).filter(({ severity }) => severity === 'error');
    errors += found.length;
    if (line === undefined) continue;
    lines += 1;
    if (new LineIndex(text).lineAt(found[0]?.start ?? 0) + 1 === line) hits += 1;
  }
  return { perMistake: errors / all.length, lineAccuracy: hits / lines };
}

/** Completion at every tenth line of a long document, and in its tags. */
function completionTimes(): number[] {
  const text = makeDomain(500);
  const schema = set.get('domain');
  const analysis = new Analysis(parseDocument(text), schema);
  const times: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    times.length = 0;
    for (const { start, startTagEnd, attributes } of analysis.document.elements)
      for (const offset of [start, startTagEnd - 2, attributes[0]?.valueStart ?? start])
        times.push(...timed(() => complete(new Analysis(parseDocument(text), schema), offset), 1));
  }
  return times;
}

const validating = (lines: number, rounds: number): number[] => {
  const text = makeDomain(lines);
  const schema = set.get('domain');
  timed(() => validate(parseDocument(text), schema), 50);
  return timed(() => validate(parseDocument(text), schema), rounds);
};

const small = validating(500, 500);
const large = validating(2000, 300);
const completion = completionTimes();
const recall = new Recall();
const samples = validSamples();
const stride = Number(process.env['KVM_BENCH_STRIDE'] ?? (samples.length > 1 ? 40 : 1));
for (const { text, schema } of samples) recall.add(text, schema, stride);
const { perMistake, lineAccuracy } = mistakes();
const figures: WarmFigures = {
  d500_validate_p50_ms: percentile(small, 0.5),
  d500_validate_p99_ms: percentile(small, 0.99),
  d2000_p99_ms: percentile(large, 0.99),
  completion_p99_ms: percentile(completion, 0.99),
  recall_elements: recall.elements.share,
  recall_attributes: recall.attributes.share,
  recall_values: recall.values.share,
  precision_violations: recall.violations,
  errors_per_mistake: perMistake,
  line_accuracy: lineAccuracy,
};
console.log(JSON.stringify(figures));
