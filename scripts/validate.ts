import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Diagnostic } from '../src/schema/diagnostic.ts';
import { SchemaError } from '../src/schema/grammar.ts';
import { schemaForKind, schemaForRoot, type SchemaName } from '../src/schema/kinds.ts';
import { relaxngFolder, SchemaSet } from '../src/schema/schema-set.ts';
import { validate } from '../src/schema/validate.ts';
import { LineIndex } from '../src/xml/line-index.ts';
import { parseDocument } from '../src/xml/parse.ts';
import { installedSchemas } from './lib/compile-schemas.ts';
import { runMain } from './lib/main.ts';
import { SetupError } from './lib/system-packages.ts';

const USAGE = `usage: npm run validate -- FILE... [--kind KIND] [--schemas FOLDER] [--json]

Checks libvirt's XML and prints every mistake as FILE:LINE:COLUMN-LINE:COLUMN MESSAGE; exits 1 when there is one.
  --kind KIND        domain, network, pool, volume, …; without it the root element says
  --schemas FOLDER   where libvirt's .rng files are (${installedSchemas})
  --json             prints one array of all mistakes instead`;

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
}

function chosenKind(kind: string | undefined): SchemaName | undefined {
  if (kind === undefined) return undefined;
  const name = schemaForKind(kind);
  if (name === undefined) throw new SetupError(`There is no kind of document called “${kind}”.`);
  return name;
}

/** Lines and columns count from 1, as compilers and editors print them. */
function describe(file: string, lines: LineIndex, diagnostic: Diagnostic): Finding {
  const start = lines.positionAt(diagnostic.start);
  const end = lines.positionAt(diagnostic.end);
  return {
    file,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
  };
}

async function check(file: string, kind: SchemaName | undefined, schemas: SchemaSet): Promise<Finding[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new SetupError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const document = parseDocument(text);
  const lines = new LineIndex(text);
  const name = kind ?? (document.root && schemaForRoot(document.root.key));
  if (name !== undefined)
    return validate(document, schemas.get(name)).map((diagnostic) => describe(file, lines, diagnostic));
  const { root } = document;
  const found: Diagnostic[] = document.problems.map((problem) => ({
    severity: 'error',
    expected: [],
    suggestions: [],
    ...problem,
  }));
  if (root !== undefined) {
    found.push({
      code: 'unknown-root',
      severity: 'error',
      start: root.nameStart,
      end: root.nameEnd,
      message: `<${root.name}> is none of libvirt's documents.`,
      expected: [],
      suggestions: [],
    });
  }
  return found.map((diagnostic) => describe(file, lines, diagnostic));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      kind: { type: 'string' },
      schemas: { type: 'string', default: installedSchemas },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help || positionals.length === 0) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const kind = chosenKind(values.kind);
  const schemas = new SchemaSet(relaxngFolder(values.schemas));
  const findings: Finding[] = [];
  try {
    for (const file of positionals) findings.push(...(await check(file, kind, schemas)));
  } catch (error) {
    if (error instanceof SchemaError) throw new SetupError(`${error.message} (${values.schemas}).`);
    throw error;
  }
  if (values.json) console.log(JSON.stringify(findings, undefined, 2));
  else for (const finding of findings) console.log(line(finding));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function line({ file, line, column, endLine, endColumn, severity, message }: Finding): string {
  const note = severity === 'hint' ? 'hint: ' : '';
  return `${file}:${line}:${column}-${endLine}:${endColumn} ${note}${message}`;
}

await runMain(main);
