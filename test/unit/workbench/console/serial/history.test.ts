import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { usedBuffers } from '../../../../support/heap.ts';
import { History } from '../../../../../src/workbench/console/serial/history.ts';

suite('What a console said', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-history-'));
  });
  after(() => rm(folder, { recursive: true }));

  function history(name: string, errors: unknown[] = []): History {
    return new History(join(folder, name, 'log'), (error) => errors.push(error));
  }

  test('is there again, and nobody else can read it', async () => {
    const first = history('kept');
    assert.equal((await first.read()).length, 0);
    first.add(Buffer.from('one\r\n'));
    first.add(Buffer.from('two'));
    await first.close();
    const second = history('kept');
    assert.equal(String(await second.read()), 'one\r\ntwo');
    second.add(Buffer.from(' and three'));
    await second.close();
    const path = join(folder, 'kept', 'log');
    assert.equal(String(await history('kept').read()), 'one\r\ntwo and three');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(path))).mode & 0o777, 0o700);
  });

  test('takes no more than its place, and keeps the newest whole lines', async () => {
    const log = history('long');
    for (let line = 0; line < 200_000; line++) {
      log.add(Buffer.from(`line ${line}\n`));
      if (line % 10_000 === 0) await log.flush();
    }
    await log.close();
    assert.ok((await stat(join(folder, 'long', 'log'))).size < 1_600_000);
    const kept = String(await history('long').read());
    assert.ok(kept.length < 400_000);
    assert.match(kept, /^line \d+\n/u);
    assert.match(kept, /line 199999\n$/u);
  });

  test('does not wait in memory for a disk that is slower than the guest', async () => {
    const log = history('fast');
    const before = usedBuffers();
    // Nothing is written before this is over.
    for (let line = 0; line < 200; line++) log.add(Buffer.alloc(1024 * 1024, `line ${line}\n`));
    assert.ok(usedBuffers() - before < 20e6);
    await log.close();
    assert.match(String(await history('fast').read()), /line 199\n/u);
  });

  test('that cannot be written costs nobody the console', async () => {
    await writeFile(join(folder, 'file'), '');
    const errors: unknown[] = [];
    const log = new History(join(folder, 'file', 'log'), (error) => errors.push(error));
    log.add(Buffer.from('lost'));
    await log.flush();
    log.add(Buffer.from('lost'));
    await log.close();
    assert.equal(errors.length, 1);
  });
});
