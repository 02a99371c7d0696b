import { readFileSync } from 'node:fs';
import { compiledFolder, SchemaSet } from '../../../src/language/schema/schema-set.ts';
import { validate } from '../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../src/language/xml/parse.ts';

/** What the first document of a session costs. */
export interface ColdFigures {
  readonly coldMs: number;
  readonly heapMb: number;
}

const [schemas = '', file = ''] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
global.gc?.();
const before = process.memoryUsage().heapUsed;
const started = performance.now();
const set = new SchemaSet(compiledFolder(schemas, 'compiled'));
const found = validate(parseDocument(text), set.get('domain'));
const coldMs = performance.now() - started;
if (found.length > 0) throw new Error(found[0]?.message);
global.gc?.();
const figures: ColdFigures = { coldMs, heapMb: (process.memoryUsage().heapUsed - before) / 1e6 };
// The set is named once more, so that it is still in memory when the memory is counted.
console.log(JSON.stringify({ ...figures, source: set.description }));
