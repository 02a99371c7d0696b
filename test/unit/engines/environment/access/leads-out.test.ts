import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { removeWhatLeadsOut } from '../../../../../src/engines/environment/access/leads-out.ts';

suite('What a guest sent', () => {
  let around: string;
  let root: string;

  beforeEach(async () => {
    around = await mkdtemp(join(tmpdir(), 'kvm-leads-out-'));
    root = join(around, 'sent');
    await mkdir(join(root, 'a/b/c'), { recursive: true });
    await mkdir(join(root, 'top'));
    await writeFile(join(root, 'file'), 'file');
    await writeFile(join(around, 'secret'), 'not theirs');
  });
  afterEach(() => rm(around, { recursive: true, force: true }));

  async function removed(): Promise<readonly string[]> {
    return (await removeWhatLeadsOut(root)).map((path) => relative(root, path)).toSorted();
  }

  test('keeps links that stay in it', async () => {
    await symlink('../../file', join(root, 'a/b/link'));
    await symlink('a/b', join(root, 'folder'));
    assert.deepEqual(await removed(), []);
    assert.ok((await lstat(join(root, 'a/b/link'))).isSymbolicLink());
  });

  test('loses links that lead out of it, or nowhere', async () => {
    await symlink('../secret', join(root, 'sibling'));
    await symlink('/etc/passwd', join(root, 'absolute'));
    await symlink('nothing', join(root, 'dangling'));
    await symlink('round', join(root, 'round'));
    assert.deepEqual(await removed(), ['absolute', 'dangling', 'round', 'sibling']);
    assert.deepEqual((await readdir(root)).toSorted(), ['a', 'file', 'top']);
  });

  test('loses a link that only another link leads out', async () => {
    // Read without following it, this path stays inside; its second half starts in the folder `top`.
    await symlink('../../../top', join(root, 'a/b/c/up'));
    await symlink('a/b/c/up/../../secret', join(root, 'way'));
    assert.deepEqual(await removed(), ['way']);
  });

  test('is removed itself when it is a link', async () => {
    await symlink('sent', join(around, 'itself'));
    assert.deepEqual(await removeWhatLeadsOut(join(around, 'itself')), [join(around, 'itself')]);
    assert.ok((await lstat(root)).isDirectory());
  });
});
