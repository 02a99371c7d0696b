import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../../../scripts/lib/paths.ts';

/** What the formatter makes of what others may call: functions, classes, and what these have in public. */
const FUNCTION = /^export (?:async )?function\*? (\w+)/u;
const CLASS = /^export (?:abstract )?class (\w+)/u;
const METHOD =
  /^ {2}(?!private |protected |override |set |constructor\b|return\b)(?:(?:static|async|get) )*\*?(\w+)(?:<.*>)?\(/u;
const TOP = /^\S/u;

interface Found {
  readonly name: string;
  readonly documented: boolean;
}

function publicParts(source: string): Found[] {
  const lines = source.split('\n');
  let isPublic = false;
  return lines.flatMap((line, index) => {
    if (CLASS.test(line)) isPublic = true;
    else if (TOP.test(line) && !line.startsWith('}')) isPublic = false;
    const name = (FUNCTION.exec(line) ?? CLASS.exec(line) ?? (isPublic ? METHOD.exec(line) : null))?.[1];
    return name === undefined
      ? []
      : [{ name, documented: lines[index - 1]?.trimEnd().endsWith('*/') ?? false }];
  });
}

suite('What the client offers', () => {
  test('is told apart in a source', () => {
    const source = `/** Said. */\nexport function a() {\n  if (b()) c();\n}\nexport class D {\n  e(): void {}\n  /** Said. */\n  get f(): void {}\n  #g(): void {}\n}\nclass H {\n  i() {}\n}\n`;
    assert.deepEqual(publicParts(source), [
      { name: 'a', documented: true },
      { name: 'D', documented: false },
      { name: 'e', documented: false },
      { name: 'f', documented: true },
    ]);
  });

  test('is documented', async () => {
    const missing: string[] = [];
    let parts = 0;
    for await (const file of glob('{src/client,src/model/inventory,src/model/operations}/**/*.ts', {
      cwd: root,
    }))
      for (const { name, documented } of publicParts(await readFile(join(root, file), 'utf8'))) {
        parts++;
        if (!documented) missing.push(`${file}: ${name}`);
      }
    assert.deepEqual(missing, []);
    assert.ok(parts > 500, String(parts));
  });
});
