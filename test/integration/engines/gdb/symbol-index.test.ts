import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { indexSymbols } from '../../../../src/engines/gdb/adapter/symbol-index.ts';

suite('The index of symbols', () => {
  test('is made once for each build, used from then on, and not kept for ever', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kvm workbench index '));
    try {
      const symbols = join(folder, 'program');
      await writeFile(`${symbols}.c`, 'int seven = 7; int main(void) { return seven; }\n');
      await execa('gcc', ['-g', '-Wl,--build-id=0xabcdef0123', '-o', symbols, `${symbols}.c`]);
      const cache = join(folder, 'index');
      const said: string[] = [];
      const { stdout } = await execa('gdb', ['--version']);
      const version = /(\d+(?:\.\d+)+)\s*$/m.exec(stdout)?.[1] ?? '';
      const input = { gdb: 'gdb', version, symbols, build: 'abcdef0123' };
      const index = () => indexSymbols(input, cache, (sentence) => said.push(sentence));
      const commands = await index();
      assert.deepEqual(await readdir(cache), ['abcdef0123.gdb-index']);
      assert.equal(said.length, 1);

      const looking = [...commands, `file "${symbols}"`, 'print seven', 'show index-cache stats'];
      const found = await execa('gdb', ['--nx', '--batch', ...looking.flatMap((each) => ['-ex', each])]);
      assert.match(found.stdout, /\$1 = 7/);
      assert.match(found.stdout, /Cache hits \(this session\): 1/);

      for (let day = 1; day < 9; day++) {
        const other = join(cache, `${day}.gdb-index`);
        await writeFile(other, 'old');
        await utimes(other, day, day);
      }
      assert.equal(said.length, 1, 'what is there is not made again');
      await rm(join(cache, 'abcdef0123.gdb-index'));
      await index();
      const kept = await readdir(cache);
      assert.equal(kept.length, 6);
      assert.ok(kept.includes('abcdef0123.gdb-index') && kept.includes('8.gdb-index'));

      assert.deepEqual(await indexSymbols({ ...input, version: '8.2' }, cache, () => undefined), []);
      assert.deepEqual(
        await indexSymbols({ ...input, build: 'other', gdb: '/nowhere' }, cache, () => undefined),
        [],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
