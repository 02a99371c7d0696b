import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { execa } from 'execa';
import { convertImage } from '../../../../../src/engines/environment/images/convert.ts';

suite('A disk that is converted into a workspace', { timeout: 60_000 }, () => {
  let folder: string;
  let workspace: string;
  let victim: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-convert-'));
    workspace = join(folder, 'workspace');
    victim = join(folder, 'victim');
    await mkdir(join(workspace, 'disks'), { recursive: true });
    await writeFile(victim, 'precious');
    await execa('qemu-img', ['create', '-q', '-f', 'vmdk', join(folder, 'a.vmdk'), '1M']);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const convert = (target: string) =>
    convertImage({ path: join(folder, 'a.vmdk'), format: 'vmdk' }, join(workspace, target), {
      signal: AbortSignal.timeout(30_000),
      inside: workspace,
    });

  test('writes through no link that somebody planted there', async () => {
    await symlink(victim, join(workspace, 'disks', 'b-disk1.qcow2'));
    await assert.rejects(convert('disks/b-disk1.qcow2'), { name: 'LinkError' });
    await symlink(folder, join(workspace, 'elsewhere'));
    await assert.rejects(convert('elsewhere/c.qcow2'), { name: 'LinkError' });
    await symlink(victim, join(workspace, 'disks', 'a-disk1.qcow2.part'));
    await convert('disks/a-disk1.qcow2');
    assert.equal(await readFile(victim, 'utf8'), 'precious');
    assert.deepEqual((await readdir(folder)).toSorted(), ['a.vmdk', 'victim', 'workspace']);
  });
});
