import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readAuthFile, type StoredCredentials } from '../../../../../src/client/libvirt/auth/auth-file.ts';
import { parseUri } from '../../../../../src/client/transport/uri.ts';

const TEXT = `
# two hosts
[credentials-test]
authname=fred
password=12 34\\\\5\\s

[credentials-prod]
authname = bar
username=ignored
[credentials-defgrp]
username=joe

[auth-libvirt-test.example]
credentials=test
[auth-libvirt-localhost]
credentials=prod
[auth-libvirt-default]
credentials=defgrp
[auth-esx-far.example]
credentials=test
[credentials-prod]
password=let me=in
`;

suite('auth.conf', () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-'));
    await mkdir(join(folder, 'libvirt'));
    path = join(folder, 'libvirt', 'auth.conf');
    await writeFile(path, TEXT);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function look(uri: string, env: Record<string, string> = {}): Promise<StoredCredentials | undefined> {
    return readAuthFile(parseUri(uri), { XDG_CONFIG_HOME: folder, ...env });
  }

  test('has credentials for a host, for this machine, and for all others', async () => {
    assert.deepEqual(await look('qemu+tls://test.example/system'), {
      path,
      user: 'fred',
      password: '12 34\\5 ',
    });
    assert.deepEqual(await look('qemu:///system'), { path, user: 'bar', password: 'let me=in' });
    assert.deepEqual(await look('qemu://far.example/system'), { path, user: undefined, password: undefined });
  });

  test('is the file that the environment names, before that in the URI, before the usual ones', async () => {
    const first = join(folder, 'first');
    const second = join(folder, 'second');
    for (const [file, name] of [
      [first, 'one'],
      [second, 'two'],
    ] as const)
      await writeFile(file, `[auth-libvirt-default]\ncredentials=x\n[credentials-x]\nauthname=${name}\n`);
    const uri = `qemu:///system?authfile=${second}`;
    assert.equal((await look(uri, { LIBVIRT_AUTH_FILE: first }))?.user, 'one');
    assert.equal((await look(uri))?.user, 'two');
    assert.equal((await look('qemu:///system'))?.user, 'bar');
  });

  test('may be missing, but not where it is named', async () => {
    assert.equal(await look('qemu://far/system', { XDG_CONFIG_HOME: '/no/where' }), undefined);
    await assert.rejects(look('qemu://far/system?authfile=/no/where'), { code: 'configuration' });
    await assert.rejects(look('qemu://far/system', { LIBVIRT_AUTH_FILE: '/no/where' }), {
      code: 'configuration',
    });
  });

  const mistakes: Record<string, readonly [string, RegExp]> = {
    'a line that is neither': ['[credentials-x]\nhush\n', /:2: this is neither/],
    'a value outside of a group': ['password=hush\n', /:1: this is neither/],
    'a host without credentials': ['[auth-libvirt-default]\nx=hush\n', /auth-libvirt-default\] has no/],
    'credentials that are not there': [
      '[auth-libvirt-default]\ncredentials=a\n',
      /\[credentials-a\], which is missing/,
    ],
  };
  for (const [name, [text, message]] of Object.entries(mistakes)) {
    test(`with ${name} says where, and nothing of what it says`, async () => {
      const file = join(folder, 'wrong');
      await writeFile(file, text);
      await assert.rejects(look(`qemu://far/system?authfile=${file}`), (error) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
    });
  }
});
