import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { seedFiles } from '../../../../../src/engines/environment/access/seed.ts';

suite('The seed of cloud-init', () => {
  const cloudInit = {
    user: 'dev',
    hostname: 'box',
    keys: ['ssh-ed25519 AAAA other'],
    packages: [],
    runcmd: ['echo "a: b" >/x', ['touch', 'two words']],
    userDataFile: undefined,
    networkConfigFile: undefined,
  };
  const hostKey = { privateKey: '-----BEGIN-----\nx\n-----END-----\n', publicKey: 'ssh-ed25519 BBBB t-box' };

  test('has nothing that its schema refuses, and all that was asked for', async () => {
    const files = await seedFiles({ cloudInit, instanceId: 'i', authorizedKey: 'k', hostKey, mounts: [] });
    assert.deepEqual([...files.keys()], ['meta-data', 'user-data']);
    const text = files.get('user-data') ?? '';
    assert.match(text, /^#cloud-config\n/u);
    const data = parse(text) as Record<string, unknown>;
    // An empty list is an error to cloud-init, and an unknown group would be made.
    for (const [key, value] of Object.entries(data))
      assert.ok(!Array.isArray(value) || value.length > 0, `${key} is empty`);
    assert.deepEqual(data['runcmd'], cloudInit.runcmd);
    assert.deepEqual(data['ssh_keys'], {
      ed25519_private: hostKey.privateKey,
      ed25519_public: hostKey.publicKey,
    });
    const [user] = data['users'] as Record<string, unknown>[];
    assert.deepEqual([user?.['name'], user?.['groups']], ['dev', ['adm']]);
    assert.deepEqual(user?.['ssh_authorized_keys'], ['k', 'ssh-ed25519 AAAA other']);
    assert.deepEqual(parse(files.get('meta-data') ?? ''), { 'instance-id': 'i', 'local-hostname': 'box' });
  });
});
