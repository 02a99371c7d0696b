import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkDocument } from '../src/language/checks/check-document.ts';
import { SchemaError } from '../src/language/schema/grammar.ts';
import { schemaForKind } from '../src/language/schema/kinds.ts';
import { relaxngFolder, SchemaSet } from '../src/language/schema/schema-set.ts';
import { validate } from '../src/language/schema/validate.ts';
import { parseDocument } from '../src/language/xml/parse.ts';
import { installedSchemas } from './lib/compile-schemas.ts';
import { runMain } from './lib/main.ts';
import { readXml } from './lib/read-xml.ts';
import { SetupError } from './lib/system-packages.ts';

const USAGE = `usage: npm run conformance -- MANIFEST.tsv [--warnings] [--schemas FOLDER]

Compares our verdicts with jing's. The manifest has a header line with the columns file (relative to the manifest),
schema and jing (valid or invalid); every disagreement is printed, and the exit code is 1 when there is one.
  --warnings   prints what we warn of in documents that are valid instead, and exits with 1 when we warn of one that
               libvirt accepts: of any, but for those that a column libvirt calls “refused”`;

interface Row {
  readonly file: string;
  readonly schema: string;
  readonly jing: string;
  /** What a daemon made of it: `accepted` or `refused`; empty when nobody asked one. */
  readonly libvirt: string;
}

async function readManifest(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new SetupError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const columns = header.split('\t');
  const [file, schema, jing, libvirt] = ['file', 'schema', 'jing', 'libvirt'].map((name) =>
    columns.indexOf(name),
  );
  if (file === undefined || schema === undefined || jing === undefined || Math.min(file, schema, jing) < 0)
    throw new SetupError(`${path} has no columns file, schema and jing.`);
  return lines.map((line) => {
    const cells = line.split('\t');
    return {
      file: cells[file] ?? '',
      schema: cells[schema] ?? '',
      jing: cells[jing] ?? '',
      libvirt: cells[libvirt ?? -1] ?? '',
    };
  });
}

interface Verdict {
  /** Why the document is invalid for us; undefined when it is valid. Hints do not count. */
  readonly error: string | undefined;
  readonly warnings: readonly string[];
}

async function verdictOf(folder: string, row: Row, schemas: SchemaSet): Promise<Verdict> {
  const name = schemaForKind(row.schema.replace(/\.rng$/, ''));
  if (name === undefined) throw new SetupError(`There is no schema called ${row.schema}.`);
  const document = parseDocument(await readXml(join(folder, row.file)));
  const found = validate(document, schemas.get(name));
  const error = found.find(({ severity }) => severity === 'error')?.message;
  const doubts = error === undefined ? checkDocument(document) : [];
  const warnings = [...found.filter(({ severity }) => severity === 'warning'), ...doubts];
  return { error, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
}

/** Prints the warnings of documents that are valid; returns how many that libvirt accepts have one. */
function printWarnings(verdicts: ReadonlyMap<Row, Verdict>): number {
  let [valid, warned, wrong] = [0, 0, 0];
  for (const [row, { error, warnings }] of verdicts) {
    if (error !== undefined || row.jing !== 'valid') continue;
    valid += 1;
    if (warnings.length === 0) continue;
    warned += 1;
    if (row.libvirt !== 'refused') wrong += 1;
    for (const warning of warnings)
      console.log(`${row.file}${row.libvirt && ` (${row.libvirt})`}: ${warning}`);
  }
  console.log(
    `${warned} of ${valid} valid documents have a warning, and ${wrong} of them are not known to be refused by libvirt`,
  );
  return wrong;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      schemas: { type: 'string', default: installedSchemas },
      warnings: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [manifest] = positionals;
  if (values.help || manifest === undefined) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const rows = await readManifest(manifest);
  const schemas = new SchemaSet(relaxngFolder(values.schemas));
  const verdicts = new Map<Row, Verdict>();
  for (const row of rows) {
    const verdict = await verdictOf(dirname(manifest), row, schemas).catch((cause: unknown) => {
      if (cause instanceof SchemaError) throw new SetupError(`${cause.message} (${values.schemas}).`);
      throw cause;
    });
    verdicts.set(row, verdict);
  }
  return (values.warnings ? printWarnings(verdicts) : printDisagreements(verdicts)) === 0 ? 0 : 1;
}

/** Prints where jing says something else; returns how often. */
function printDisagreements(verdicts: ReadonlyMap<Row, Verdict>): number {
  let disagreements = 0;
  for (const [row, { error }] of verdicts) {
    if ((error === undefined) === (row.jing === 'valid')) continue;
    disagreements += 1;
    console.log(`${row.file} (${row.schema}): jing says ${row.jing}, we say ${error ?? 'valid'}`);
  }
  const agreed = verdicts.size - disagreements;
  const percent = verdicts.size === 0 ? 100 : (agreed / verdicts.size) * 100;
  // Rounded down, so that only full agreement reads as 100%.
  console.log(
    `${agreed} of ${verdicts.size} documents agree with jing (${(Math.floor(percent * 100) / 100).toFixed(2)}%)`,
  );
  return disagreements;
}

await runMain(main);
