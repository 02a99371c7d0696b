import { parseArgs } from 'node:util';
import { checkDocument } from '../src/language/checks/check-document.ts';
import type { Diagnostic } from '../src/language/schema/diagnostic.ts';
import { SchemaError } from '../src/language/schema/grammar.ts';
import { kindOfDocument, kindOfRoot } from '../src/language/schema/document-kind.ts';
import { schemaForKind, type SchemaName } from '../src/language/schema/kinds.ts';
import { relaxngFolder, SchemaSet } from '../src/language/schema/schema-set.ts';
import { validate } from '../src/language/schema/validate.ts';
import { LineIndex } from '../src/language/xml/line-index.ts';
import { parseDocument } from '../src/language/xml/parse.ts';
import type { TextRange, XmlDocument } from '../src/language/xml/tree.ts';
import { installedSchemas } from './lib/compile-schemas.ts';
import { runMain } from './lib/main.ts';
import { readXml } from './lib/read-xml.ts';
import { SetupError } from './lib/system-packages.ts';

const USAGE = `usage: npm run validate -- FILE... [--kind KIND] [--schemas FOLDER] [--json]

Checks libvirt's XML and prints every mistake as FILE:LINE:COLUMN-LINE:COLUMN MESSAGE; exits 1 when there is one.
What a schema cannot say, such as two disks of one name, is printed as a warning, which is no mistake.
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
  readonly severity: Diagnostic['severity'] | 'warning';
  readonly message: string;
}

function chosenKind(kind: string | undefined): SchemaName | undefined {
  if (kind === undefined) return undefined;
  const name = schemaForKind(kind);
  if (name === undefined) throw new SetupError(`There is no kind of document called “${kind}”.`);
  return name;
}

/** Lines and columns count from 1, as compilers and editors print them. */
function describe(
  file: string,
  lines: LineIndex,
  found: TextRange & Pick<Finding, 'code' | 'severity' | 'message'>,
): Finding {
  const start = lines.positionAt(found.start);
  const end = lines.positionAt(found.end);
  return {
    file,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
    code: found.code,
    severity: found.severity,
    message: found.message,
  };
}

function check(file: string, text: string, kind: SchemaName | undefined, schemas: SchemaSet): Finding[] {
  const document = parseDocument(text);
  const lines = new LineIndex(text);
  const name = kind ?? kindOfDocument(document) ?? (document.root && kindOfRoot(document.root.key));
  if (name === undefined) return strangers(document).map((each) => describe(file, lines, each));
  const mistakes = validate(document, schemas.get(name)).map((each) => describe(file, lines, each));
  // As in the editor: doubts about a document are for when the schema is content with it.
  const doubts = mistakes.some(({ severity }) => severity === 'error') ? [] : checkDocument(document);
  return [...mistakes, ...doubts.map((each) => describe(file, lines, { ...each, severity: 'warning' }))];
}

/** What can be said of a document that is none of libvirt's. */
function strangers({ problems, root }: XmlDocument): Parameters<typeof describe>[2][] {
  const found = problems.map((problem) => ({ severity: 'error' as const, ...problem }));
  if (root === undefined) return found;
  const { nameStart: start, nameEnd: end } = root;
  const message = `<${root.name}> is none of libvirt's documents.`;
  return [...found, { code: 'unknown-root', severity: 'error', start, end, message }];
}

/** Undefined, and said, when it cannot be read: the others are checked all the same. */
async function read(file: string): Promise<string | undefined> {
  try {
    return await readXml(file);
  } catch (error) {
    console.error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
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
  let isUnread = false;
  try {
    for (const file of positionals) {
      const text = await read(file);
      if (text === undefined) isUnread = true;
      else findings.push(...check(file, text, kind, schemas));
    }
  } catch (error) {
    if (error instanceof SchemaError) throw new SetupError(`${error.message} (${values.schemas}).`);
    throw error;
  }
  if (values.json) console.log(JSON.stringify(findings, undefined, 2));
  else for (const finding of findings) console.log(line(finding));
  return isUnread || findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function line({ file, line, column, endLine, endColumn, severity, message }: Finding): string {
  const note = severity === 'error' ? '' : `${severity}: `;
  return `${file}:${line}:${column}-${endLine}:${endColumn} ${note}${message}`;
}

await runMain(main);
