import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { SchemaError } from '../src/language/schema/grammar.ts';
import { schemaForKind } from '../src/language/schema/kinds.ts';
import { relaxngFolder, SchemaSet } from '../src/language/schema/schema-set.ts';
import { validate } from '../src/language/schema/validate.ts';
import { parseDocument } from '../src/language/xml/parse.ts';
import { installedSchemas } from './lib/compile-schemas.ts';
import { runMain } from './lib/main.ts';
import { readXml } from './lib/read-xml.ts';
import { SetupError } from './lib/system-packages.ts';

const USAGE = `usage: npm run conformance -- MANIFEST.tsv [--schemas FOLDER]

Compares our verdicts with jing's. The manifest has a header line with the columns file (relative to the manifest),
schema and jing (valid or invalid); every disagreement is printed, and the exit code is 1 when there is one.`;

interface Row {
  readonly file: string;
  readonly schema: string;
  readonly jing: string;
}

async function readManifest(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new SetupError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const columns = header.split('\t');
  const [file, schema, jing] = ['file', 'schema', 'jing'].map((name) => columns.indexOf(name));
  if (file === undefined || schema === undefined || jing === undefined || Math.min(file, schema, jing) < 0)
    throw new SetupError(`${path} has no columns file, schema and jing.`);
  return lines.map((line) => {
    const cells = line.split('\t');
    return { file: cells[file] ?? '', schema: cells[schema] ?? '', jing: cells[jing] ?? '' };
  });
}

/** Why the document is invalid for us; undefined when it is valid. Hints do not count. */
async function firstError(folder: string, row: Row, schemas: SchemaSet): Promise<string | undefined> {
  const name = schemaForKind(row.schema.replace(/\.rng$/, ''));
  if (name === undefined) throw new SetupError(`There is no schema called ${row.schema}.`);
  const text = await readXml(join(folder, row.file));
  return validate(parseDocument(text), schemas.get(name)).find(({ severity }) => severity === 'error')
    ?.message;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      schemas: { type: 'string', default: installedSchemas },
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
  let disagreements = 0;
  for (const row of rows) {
    const error = await firstError(dirname(manifest), row, schemas).catch((cause: unknown) => {
      if (cause instanceof SchemaError) throw new SetupError(`${cause.message} (${values.schemas}).`);
      throw cause;
    });
    if ((error === undefined) === (row.jing === 'valid')) continue;
    disagreements += 1;
    console.log(`${row.file} (${row.schema}): jing says ${row.jing}, we say ${error ?? 'valid'}`);
  }
  const agreed = rows.length - disagreements;
  const percent = rows.length === 0 ? 100 : (agreed / rows.length) * 100;
  // Rounded down, so that only full agreement reads as 100%.
  console.log(
    `${agreed} of ${rows.length} documents agree with jing (${(Math.floor(percent * 100) / 100).toFixed(2)}%)`,
  );
  return disagreements === 0 ? 0 : 1;
}

await runMain(main);
