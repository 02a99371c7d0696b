import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import manifest from '../../../package.json' with { type: 'json' };
import { buildExtension } from '../../../scripts/lib/bundle.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { thirdPartyNotices } from '../../../scripts/lib/third-party.ts';

const NOTICES = 'dist/third-party-notices.txt';

suite('The notices of what others wrote', () => {
  test('name all that is bundled, with its licence, and what that has taken in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-notices-'));
    try {
      await buildExtension(true, folder);
      const text = await readFile(join(folder, 'third-party-notices.txt'), 'utf8');
      const others = Object.keys(manifest.dependencies).concat('cdt-gdb-adapter', '@vscode/debugadapter');
      for (const name of others) assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
      assert.match(text, /Eclipse Public License/);
      assert.match(text, /Vitaly Puzrin/, 'pako, which noVNC has a copy of');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('are in the package', async () => {
    assert.ok((await listFiles({ cwd: root, packageManager: PackageManager.None })).includes(NOTICES));
  });

  test('are not made without a licence', async () => {
    const base = await mkdtemp(join(tmpdir(), 'kvm-workbench-notices-'));
    try {
      const folder = join('node_modules', '@some', 'package');
      await mkdir(join(base, folder, 'vendor'), { recursive: true });
      const inputs = ['src/extension.ts', join(folder, 'vendor', 'index.js')];
      const say = (manifest: object) =>
        writeFile(join(base, folder, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }));
      await say({ license: 'Apache-2.0', author: 'Somebody' });
      await assert.rejects(thirdPartyNotices(inputs, base), /@some\/package .* no text of its licence/);
      await say({ license: 'MIT', author: 'Somebody' });
      assert.match(await thirdPartyNotices(inputs, base), /Copyright \(c\) Somebody/);
      await writeFile(join(base, folder, 'vendor', 'LICENSE'), 'of a third');
      assert.match(await thirdPartyNotices(inputs, base), /^@some\/package 1\.0\.0 \(MIT\)\n[^]*of a third/);
    } finally {
      await rm(base, { recursive: true });
    }
  });
});
