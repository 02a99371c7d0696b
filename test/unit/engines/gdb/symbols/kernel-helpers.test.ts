import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { findKernelHelpers } from '../../../../../src/engines/gdb/symbols/kernel-helpers.ts';

suite('Python that a kernel’s build has for gdb', () => {
  let folder: string;
  const vmlinux = () => join(folder, 'vmlinux');
  const digest = async () => (await findKernelHelpers(vmlinux()))?.digest;
  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-helpers-'));
    await mkdir(join(folder, 'scripts', 'gdb', 'linux', '__pycache__'), { recursive: true });
  });
  after(() => rm(folder, { recursive: true }));

  test('is none without its script', async () => {
    assert.equal(await findKernelHelpers(vmlinux()), undefined);
  });

  test('is another as soon as anything changes that gdb would run', async () => {
    await write('vmlinux-gdb.py', 'import linux.utils');
    await write('scripts/gdb/linux/utils.py', 'one = 1');
    const seen = [await digest()];
    assert.equal(await digest(), seen[0], 'the same for the same');
    await write('vmlinux-gdb.py', 'import linux.utils\n');
    seen.push(await digest());
    await write('scripts/gdb/linux/utils.py', 'one = 2');
    seen.push(await digest());
    await write('scripts/gdb/argparse.py', '');
    seen.push(await digest());
    await write('scripts/gdb/linux/utils.so', 'x');
    seen.push(await digest());
    assert.equal(new Set(seen).size, 5);
    assert.ok(!seen.includes(undefined));
    await write('scripts/gdb/linux/__pycache__/utils.pyc', 'made by Python');
    assert.equal(await digest(), seen.at(-1));
  });

  test('is not remembered where it is more than a kernel has', async () => {
    await symlink('..', join(folder, 'scripts', 'gdb', 'linux', 'again'));
    assert.ok(await digest(), 'a folder within itself has an end');
    await rm(join(folder, 'scripts', 'gdb', 'linux', 'again'));
    await write('scripts/gdb/large', 'x'.repeat(9 * 1024 * 1024));
    assert.equal(await digest(), undefined);
  });
});
