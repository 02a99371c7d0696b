import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { ConsoleLog } from '../../../../../src/workbench/console/serial/log.ts';

suite('The log of a console', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-log-'));
  });
  after(() => rm(folder, { recursive: true }));

  function logTo(path: string, append = false) {
    const errors: unknown[] = [];
    const full: boolean[] = [];
    const onError = (error: unknown) => errors.push(error);
    const log = new ConsoleLog({ path, append, onError, onFull: (state) => full.push(state) });
    return { log, errors, full };
  }

  test('has every byte as it came, and nobody else can read it', async () => {
    const path = join(folder, 'new.log');
    const bytes = randomBytes(3_000_000);
    const { log, errors } = logTo(path);
    for (let at = 0; at < bytes.length; at += 65_537) log.write(bytes.subarray(at, at + 65_537));
    await log.close();
    assert.deepEqual(errors, []);
    assert.ok(bytes.equals(await readFile(path)));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test('goes behind what is there, or begins anew, and leaves the permissions that somebody gave', async () => {
    const path = join(folder, 'old.log');
    await writeFile(path, 'before ');
    await chmod(path, 0o640);
    const more = logTo(path, true);
    more.log.write(Buffer.from('and after'));
    await more.log.close();
    assert.equal(await readFile(path, 'utf8'), 'before and after');
    const anew = logTo(path);
    anew.log.write(Buffer.from('only this'));
    await anew.log.close();
    assert.equal(await readFile(path, 'utf8'), 'only this');
    assert.equal((await stat(path)).mode & 0o777, 0o640);
  });

  test('makes the guest wait for a slow disk, and tells when it can go on', async () => {
    const { log, full } = logTo(join(folder, 'slow.log'));
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 6; count++) log.write(piece);
    assert.deepEqual(full, [true]);
    await log.close();
    assert.deepEqual(full, [true, false]);
    assert.equal((await stat(join(folder, 'slow.log'))).size, 6 * piece.length);
  });

  test('that cannot be written says so once, and holds nobody up', async () => {
    const { log, errors, full } = logTo(join(folder, 'missing', 'x.log'));
    log.write(Buffer.alloc(8 * 1024 * 1024));
    await log.close();
    log.write(Buffer.from('late'));
    assert.equal(errors.length, 1);
    assert.equal(full.at(-1), false);
  });
});
