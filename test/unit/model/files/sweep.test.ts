import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { DAY_MS, sweep } from '../../../../src/model/files/sweep.ts';

const RESIDUES = [{ form: /\.[0-9a-f]{8}\.part$/u, forgottenMs: DAY_MS }];

suite('What dead processes left', () => {
  let folder = '';
  const long = new Date(Date.now() - 2 * DAY_MS);
  const age = (name: string) => utimes(join(folder, name), long, long);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-sweep-'));
  });
  afterEach(async () => rm(folder, { recursive: true }));

  test('goes when it is old, our own, and looks like ours', async () => {
    for (const name of ['a.0a1b2c3d.part', 'new.0a1b2c3d.part', 'a.part', 'notes.txt'])
      await writeFile(join(folder, name), 'x');
    for (const name of ['a.0a1b2c3d.part', 'a.part', 'notes.txt']) await age(name);
    await sweep(folder, RESIDUES, { uid: 4_000_000 });
    assert.equal((await readdir(folder)).length, 4, 'somebody else’s');
    await sweep(folder, RESIDUES);
    assert.deepEqual((await readdir(folder)).toSorted(), ['a.part', 'new.0a1b2c3d.part', 'notes.txt']);
  });

  test('goes by the process that it names, whatever that was making', async () => {
    const dead = '.dump-2026.elf.0123456789ab-1-2.0123456789ab.part';
    await writeFile(join(folder, dead), 'x');
    await age(dead);
    await sweep(folder, []);
    assert.deepEqual(await readdir(folder), []);
  });

  test('goes without what its links lead to', async () => {
    await mkdir(join(folder, 'kept'));
    await writeFile(join(folder, 'kept', 'file'), 'x');
    await symlink('kept', join(folder, 'a.0a1b2c3d.part'));
    await sweep(folder, RESIDUES, { now: Date.now() + 2 * DAY_MS });
    assert.deepEqual(await readdir(folder), ['kept']);
    assert.deepEqual(await readdir(join(folder, 'kept')), ['file']);
  });
});
