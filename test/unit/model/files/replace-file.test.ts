import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { LinkError } from '../../../../src/model/files/inside.ts';
import { replaceFile, writeWhole } from '../../../../src/model/files/replace-file.ts';
import { withTemporaryFolder } from '../../../../src/model/files/temporary.ts';

suite('A file that is replaced', { timeout: 20_000 }, () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-replace-'));
    path = join(folder, 'config');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is the old one until the new one is whole, and nothing else is left', async () => {
    await writeFile(path, 'old');
    await replaceFile(path, async (temporary) => {
      await writeFile(temporary, 'ne');
      assert.equal(await readFile(path, 'utf8'), 'old');
      await writeFile(temporary, 'new');
    });
    assert.equal(await readFile(path, 'utf8'), 'new');
    assert.deepEqual(await readdir(folder), ['config']);
  });

  test('stays as it was when the new one fails', async () => {
    await writeFile(path, 'old');
    const failing = replaceFile(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('disk full');
    });
    await assert.rejects(failing, /^Error: disk full$/u);
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['config']);
  });

  test('keeps its mode, and gets the wanted one when it is new', async () => {
    await writeWhole(path, 'text', { mode: 0o600 });
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await chmod(path, 0o640);
    await writeWhole(path, 'more', { mode: 0o600 });
    assert.equal((await stat(path)).mode & 0o777, 0o640);
  });

  test('behind links is replaced where they end, also where nothing is yet', async () => {
    await mkdir(join(folder, 'dotfiles', 'ssh'), { recursive: true });
    await symlink('dotfiles/ssh', join(folder, 'ssh'));
    await symlink('../main', join(folder, 'ssh', 'config'));
    for (const text of ['one', 'two']) {
      await writeWhole(join(folder, 'ssh', 'config'), text);
      assert.equal(await readFile(join(folder, 'dotfiles', 'main'), 'utf8'), text);
      assert.equal(await readlink(join(folder, 'ssh', 'config')), '../main');
    }
  });

  test('leaves what a killed process left of it to nobody, and what a living one makes alone', async () => {
    const module = join(import.meta.dirname, '../../../../src/model/files/replace-file.ts');
    const script = `const { replaceFile } = await import(${JSON.stringify(module)});
      await replaceFile(${JSON.stringify(path)}, async () => { console.log('now'); await new Promise((r) => setTimeout(r, 60000)); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await writeWhole(path, 'mine');
    assert.equal((await readdir(folder)).length, 2, 'it is still at work');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    assert.equal((await readdir(folder)).length, 2);
    await withTemporaryFolder(path, async () => undefined);
    assert.deepEqual(await readdir(folder), ['config']);
  });

  test('in a folder of somebody else’s follows no link, in the middle or at the end', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const workspace = join(folder, 'workspace');
    await mkdir(elsewhere);
    await mkdir(workspace);
    await symlink(elsewhere, join(workspace, 'disks'));
    await symlink(join(elsewhere, 'victim'), join(workspace, 'disk.qcow2'));
    for (const name of ['disks/one.qcow2', 'disk.qcow2']) {
      const writing = writeWhole(join(workspace, name), 'x', { inside: workspace });
      await assert.rejects(writing, LinkError);
    }
    assert.deepEqual(await readdir(elsewhere), []);
    assert.ok((await lstat(join(workspace, 'disk.qcow2'))).isSymbolicLink());
    await writeWhole(join(workspace, 'fine'), 'x', { inside: workspace });
  });
});
