import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { runOverSsh } from '../../../../../src/engines/environment/access/ssh-run.ts';

const KEYS = { identity: '/nowhere/id', knownHosts: '/nowhere/known' } as never;
const TARGET = { address: '192.0.2.1', port: 22, user: 'u', alias: 'a', knownKey: false };

suite('What a program in a guest says', () => {
  let folder: string;
  const path = process.env['PATH'] ?? '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-ssh-run-'));
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  });
  after(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true, force: true });
  });

  async function whereSshIs(script: string): Promise<void> {
    const file = join(folder, 'ssh');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  test('is handed over as it comes, with the status', async () => {
    await whereSshIs('echo one; echo two >&2; exit 3');
    let said = '';
    const { signal } = new AbortController();
    const result = await runOverSsh(KEYS, TARGET, 'true', { signal, onOutput: (text) => (said += text) });
    assert.deepEqual(result, { exitCode: 3, output: 'one\ntwo\n' });
    assert.equal(said, 'one\ntwo\n');
  });

  test('without an end comes no faster than it can be shown, and is not kept', async () => {
    await whereSshIs('exec yes');
    let said = 0;
    const { signal } = new AbortController();
    const started = performance.now();
    const { output } = await runOverSsh(KEYS, TARGET, 'true', {
      signal,
      timeoutMs: 1500,
      onOutput: (text) => (said += text.length),
    });
    const rests = (performance.now() - started) / 100;
    assert.ok(said > 256 * 1024);
    assert.ok(said < (rests + 2) * 320 * 1024, `${said} in ${rests} rests`);
    assert.equal(output.length, 256 * 1024);
  });
});
