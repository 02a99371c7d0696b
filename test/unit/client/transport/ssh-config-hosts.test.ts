import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sshConfigHosts } from '../../../../src/client/transport/ssh-config-hosts.ts';

suite('The hosts of an ssh config', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-ssh-hosts-'));
    await mkdir(join(folder, 'config.d'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function hosts(config: string) {
    await writeFile(join(folder, 'config'), config);
    return sshConfigHosts(folder);
  }

  test('are those that it names, not its patterns', async () => {
    const config = [
      '# my hosts',
      'User everybody',
      'Host lab "two words" *.example !not.example',
      '\thostname = 10.0.0.7',
      '  User root',
      '  User second',
      'HOST=other',
      'Match host lab',
      '  HostName elsewhere',
      'Host *',
      '  User nobody',
      'Host lab',
      '  HostName later',
    ];
    assert.deepEqual(await hosts(config.join('\r\n')), [
      { name: 'lab', hostName: '10.0.0.7', user: 'root' },
      { name: 'two words', hostName: '10.0.0.7', user: 'root' },
      { name: 'other', hostName: undefined, user: undefined },
    ]);
  });

  test('are also in the files that it includes, which may include themselves', async () => {
    await writeFile(join(folder, 'config.d', 'a.conf'), 'Host from-a\n  User a\nInclude config\n');
    const found = await hosts('Host first\nInclude config.d/*.conf missing\n  User me\nHost last\n');
    assert.deepEqual(
      found.map(({ name, user }) => `${name} ${user}`),
      ['first me', 'from-a a', 'last undefined'],
    );
  });

  test('are none where there is no config', async () => {
    assert.deepEqual(await sshConfigHosts(join(folder, 'missing')), []);
    assert.equal(
      (await hosts(Array.from({ length: 2000 }, (_, at) => `Host h${at}`).join('\n'))).length,
      500,
    );
  });
});
