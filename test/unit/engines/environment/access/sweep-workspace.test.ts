import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sweepWorkspace } from '../../../../../src/engines/environment/access/sweep-workspace.ts';

test('Seeds with their keys that a dead process left go, of the first release as well', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-sweep-workspace-'));
  context.after(() => rm(folder, { recursive: true }));
  const long = new Date(Date.now() - 2 * 60 * 60 * 1000);
  const left = 'lab-box-seed.iso.Ab3xYz';
  const kept = ['id_ed25519', 'lab-box-seed.iso', 'lab-new-seed.iso.Ab3xYz', 'lab.iso.Ab3xYz'];
  for (const name of [left, ...kept]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'user-data'), 'key');
    if (!name.includes('new')) await utimes(join(folder, name), long, long);
  }
  await sweepWorkspace(folder);
  assert.deepEqual((await readdir(folder)).toSorted(), kept);
  await sweepWorkspace(join(folder, 'gone'));
});
