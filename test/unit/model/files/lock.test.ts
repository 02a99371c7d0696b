import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { withLock } from '../../../../src/model/files/lock.ts';

suite('The lock of a folder', { timeout: 60_000 }, () => {
  let folder: string;
  let lock: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-lock-'));
    lock = join(folder, 'lock');
    file = join(folder, 'count');
    await writeFile(file, '0');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const child = (...more: string[]) =>
    spawn(process.execPath, [join(import.meta.dirname, 'lock-child.ts'), lock, file, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const add = () =>
    withLock(lock, async () => writeFile(file, String(Number(await readFile(file, 'utf8')) + 1)));

  test('lets one work at a time, in this process and in others', async () => {
    const others = [child('25'), child('25'), child('25')];
    const ended = others.map((each) => once(each, 'exit'));
    await Promise.all(Array.from({ length: 25 }, add));
    await Promise.all(ended);
    assert.equal(await readFile(file, 'utf8'), '100');
    assert.equal((await readdir(lock)).length, 1, 'turns that are over are removed');
  });

  test('of a process that was killed is taken over by one of those who wait', async () => {
    const killed = child('1', 'keep');
    await once(killed.stdout, 'data');
    let waited = 0;
    const waiting = Array.from({ length: 5 }, () =>
      withLock(lock, async () => writeFile(file, String(Number(await readFile(file, 'utf8')) + 1)), {
        onWait: () => {
          waited += 1;
          if (waited === 5) killed.kill('SIGKILL');
        },
      }),
    );
    await Promise.all(waiting);
    assert.equal(await readFile(file, 'utf8'), '5');
  });

  test('is free again after work that failed', async () => {
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error('no'))),
      /^Error: no$/u,
    );
    await add();
    assert.equal(await readFile(file, 'utf8'), '1');
  });

  test('is not waited for longer than somebody wants', async () => {
    await withLock(lock, async () => {
      const late = withLock(lock, async () => assert.fail('two at once'), {
        signal: AbortSignal.timeout(120),
      });
      await assert.rejects(late, { name: 'AbortError' });
    });
    await add();
  });

  test('of a process whose number another has now is taken over', async () => {
    const [machine = '', pid = ''] = await withLock(lock, async () => {
      const [turn = ''] = await readdir(lock);
      return (await readFile(join(lock, turn, 'owner'), 'utf8')).split('-');
    });
    await rm(lock, { recursive: true });
    await mkdir(join(lock, '1'), { recursive: true });
    // This process is alive, and was not started then.
    await writeFile(join(lock, '1', 'owner'), `${machine}-${pid}-1`);
    await withLock(lock, async () => undefined, { signal: AbortSignal.timeout(5000) });
  });

  test('of another machine is waited for as long as that shows that it lives', async () => {
    await mkdir(join(lock, '1'), { recursive: true });
    const owner = join(lock, '1', 'owner');
    await writeFile(owner, 'abcdefabcdef-1-1');
    const early = withLock(lock, async () => undefined, { signal: AbortSignal.timeout(200) });
    await assert.rejects(early, { name: 'AbortError' });
    const silent = new Date(Date.now() - 120_000);
    await utimes(owner, silent, silent);
    await add();
  });
});
