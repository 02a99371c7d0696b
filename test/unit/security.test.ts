import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../../scripts/lib/paths.ts';

suite('The page about security', () => {
  test('names a test that exists for all that somebody may not do', async () => {
    const text = await readFile(join(root, 'SECURITY.md'), 'utf8');
    const named = [...text.matchAll(/\]\((?<path>test\/[^)]+)\)/gu)].map(
      ({ groups }) => groups?.['path'] ?? '',
    );
    assert.ok(named.length > 20);
    for (const path of named) {
      assert.match(path, /\.test\.ts$/u);
      assert.ok(existsSync(join(root, path)), path);
    }
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const claims = rows.slice(2).map((line) => line.split(' | ').at(-1) ?? '');
    for (const claim of claims) assert.match(claim, /\.test\.ts\)/u, `“${claim}” is held by a test`);
  });
});
