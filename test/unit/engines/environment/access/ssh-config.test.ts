import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { execa } from 'execa';
import {
  forgetSshHost,
  includeGuests,
  includesGuests,
  noteSshHost,
} from '../../../../../src/engines/environment/access/ssh-config.ts';
import { SshKeys } from '../../../../../src/engines/environment/access/ssh-keys.ts';
import { sshArguments } from '../../../../../src/engines/environment/access/ssh-run.ts';

suite('What ssh is told of guests', { timeout: 60_000 }, () => {
  let folder: string;
  let keys: SshKeys;
  const target = { address: '10.0.0.5', port: 22, user: 'dev', alias: 'T-box', knownKey: true };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm ssh-'));
    keys = new SshKeys(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is what ssh reads', async () => {
    assert.equal(await noteSshHost(folder, keys, target), 't-box.kvm');
    const { stdout } = await execa('ssh', ['-G', '-F', join(folder, 'ssh_config'), 't-box.kvm']);
    for (const line of [
      'hostname 10.0.0.5',
      'user dev',
      'hostkeyalias t-box',
      `userknownhostsfile ${keys.knownHosts}`,
    ])
      assert.ok(stdout.split('\n').includes(line), line);
  });

  for (const wrong of [
    { address: '10.0.0.5\n    ProxyCommand touch /tmp/owned' },
    { address: '10.0.0.5 x' },
    { user: 'dev\rProxyCommand id' },
    { alias: 'box\nHost *' },
  ])
    test(`is refused when it would begin another line: ${JSON.stringify(wrong)}`, async () => {
      await assert.rejects(noteSshHost(folder, keys, { ...target, ...wrong }), { name: 'LineError' });
      assert.throws(() => sshArguments(keys, { ...target, ...wrong }), { name: 'LineError' });
      await assert.rejects(readFile(join(folder, 'ssh_config')), { code: 'ENOENT' });
    });

  test('of many guests at once is all there, and goes with each', async () => {
    const guests = Array.from({ length: 12 }, (_, n) => ({ ...target, alias: `g${n}` }));
    await Promise.all(guests.map((each) => noteSshHost(folder, keys, each)));
    const text = await readFile(join(folder, 'ssh_config'), 'utf8');
    assert.equal(text.match(/^Host /gmu)?.length, 12);
    await Promise.all(guests.slice(1).map(({ alias }) => forgetSshHost(folder, alias)));
    assert.deepEqual((await readFile(join(folder, 'ssh_config'), 'utf8')).match(/^Host .*/gmu), [
      'Host g0.kvm',
    ]);
  });

  test('is included first in a person’s config, once, and the rest of it stays byte for byte', async () => {
    const environments = join(folder, 'environments');
    const own = join(folder, 'config');
    const dotfile = join(folder, 'dotfiles', 'ssh');
    await mkdir(join(folder, 'dotfiles'));
    const before = Buffer.from('# caf\xe9\r\nHost mine\n  User me', 'latin1');
    await writeFile(dotfile, before, { mode: 0o640 });
    await symlink(dotfile, own);
    await Promise.all([1, 2, 3].map(() => includeGuests(own, environments)));
    const after = await readFile(dotfile);
    assert.deepEqual(after.subarray(after.length - before.length), before);
    assert.equal(after.toString('latin1').match(/^Include /gmu)?.length, 1);
    assert.equal(await readlink(own), dotfile);
    assert.ok(await includesGuests(own, environments));
    assert.deepEqual(await readdir(join(folder, 'dotfiles')), ['ssh']);
  });

  test('never costs a person’s config its end when the disk is full', async () => {
    const own = join(folder, 'config');
    const before = `Host mine\n${'# long\n'.repeat(100_000)}`;
    await writeFile(own, before);
    const module = join(import.meta.dirname, '../../../../../src/engines/environment/access/ssh-config.ts');
    const script = `const { includeGuests } = await import(${JSON.stringify(module)});
      await includeGuests(${JSON.stringify(own)}, ${JSON.stringify(join(folder, 'environments'))});`;
    // No file may grow beyond 64 KiB: like a disk that is full in the middle.
    const limited = await execa(
      'sh',
      [
        '-c',
        'ulimit -f 128; trap "" XFSZ; exec "$0" "$@"',
        process.execPath,
        '--input-type=module',
        '-e',
        script,
      ],
      { reject: false },
    );
    assert.ok(limited.failed);
    assert.match(limited.stderr, /EFBIG/u);
    assert.equal(await readFile(own, 'utf8'), before);
  });
});
