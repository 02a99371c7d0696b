import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isUserData } from '../../../../../src/engines/environment/file/check-user-data.ts';
import { loadEnvironment } from '../../../../../src/engines/environment/file/load.ts';

suite('User data of a file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-user-data-'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  test('is known by its start, as cloud-init knows it', () => {
    for (const start of [
      '#cloud-config\nusers: []',
      '\n  #cloud-config\r\n',
      '#Cloud-Config-archive\n',
      '#!/bin/sh\n',
      '#include\nhttp://x',
      '#include-once\n',
      '#cloud-boothook\n',
      '#part-handler\n',
      '## template: jinja\n#cloud-config\n',
      'Content-Type: multipart/mixed; boundary="x"\nMIME-Version: 1.0\n',
      '',
    ])
      assert.ok(isUserData(Buffer.from(start)), start);
    assert.ok(isUserData(gzipSync('anything')));
    for (const start of [
      'users:\n',
      '# cloud-config\n',
      '\u{FEFF}#cloud-config\n',
      'packages: [a]',
      '---\n#cloud-config\n',
    ])
      assert.ok(!isUserData(Buffer.from(start)), start);
  });

  async function problemsWith(data: string) {
    await writeFile(join(folder, 'user-data.yaml'), data);
    const text = `guests:\n  web:\n    image: debian-13\n    cloud-init:\n      user-data: user-data.yaml\n`;
    const { problems } = await loadEnvironment(text, join(folder, 'kvm.yaml'), {
      exists: () => Promise.resolve('file'),
      images: ['debian-13'],
    });
    return problems.map(
      ({ severity, message, start, end }) => [severity, text.slice(start, end), message] as const,
    );
  }

  test('is warned of where cloud-init would find nothing in it', async () => {
    assert.deepEqual(await problemsWith('#cloud-config\nusers: []\n'), []);
    const [found, ...others] = await problemsWith('users:\n  - name: dev\n');
    assert.deepEqual(others, []);
    assert.deepEqual(found?.slice(0, 2), ['warning', 'user-data.yaml']);
    assert.match(
      found?.[2] ?? '',
      /^cloud-init will ignore user-data\.yaml: its first line must say what it is/u,
    );
    assert.match((await problemsWith('# cloud-config\n'))[0]?.[2] ?? '', /without a space in it/u);
  });
});
