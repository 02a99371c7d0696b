import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../scripts/lib/paths.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';

suite('The page about the client', () => {
  test('starts with a script that works as it stands there', async () => {
    await using daemon = await startPrivateDaemon();
    const page = await readFile(join(root, 'docs', 'client.md'), 'utf8');
    const example = /```ts\n(.+?)```/su.exec(page)?.[1];
    assert.ok(example !== undefined && example.includes("'qemu:///system'"));
    const script = join(root, 'docs', `example-${process.pid}.ts`);
    try {
      await writeFile(script, example.replace("'qemu:///system'", JSON.stringify(daemon.testUri)));
      const { stdout } = await execa(process.execPath, [script]);
      assert.match(stdout, /^\S+ TEST \d+\.\d+\.\d+\ntest running$/u);
    } finally {
      await rm(script, { force: true });
    }
  });
});
