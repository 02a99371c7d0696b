import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { execa } from 'execa';
import { SshKeys } from '../../../../../src/engines/environment/access/ssh-keys.ts';

suite('The keys of a workspace', { timeout: 60_000 }, () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'kvm-keys-')), 'new');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  /** As each guest of an Up does. */
  const prepare = async (guest: string) => {
    const keys = new SshKeys(folder);
    return [await keys.ensureIdentity(), (await keys.ensureHostKey(guest)).publicKey] as const;
  };

  async function assertWhole(guests: readonly string[]): Promise<void> {
    const keys = new SshKeys(folder);
    const { stdout } = await execa('ssh-keygen', ['-y', '-f', keys.identity]);
    assert.equal(stdout.trim(), (await readFile(`${keys.identity}.pub`, 'utf8')).trim());
    const known = (await readFile(keys.knownHosts, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(known.map((line) => line.split(' ')[0]).toSorted(), guests.toSorted());
    for (const guest of guests) {
      const [type = '', key = ''] = (await readFile(join(folder, `${guest}.host.pub`), 'utf8')).split(' ');
      assert.ok(known.includes(`${guest} ${type} ${key}`), guest);
      assert.equal((await stat(join(folder, `${guest}.host`))).mode & 0o777, 0o600);
    }
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
    );
  }

  test('are made once for guests that come up at the same time', async () => {
    const guests = ['a', 'b', 'c', 'd', 'e'];
    const made = await Promise.all([...guests, ...guests].map(prepare));
    assert.equal(new Set(made.map(([identity]) => identity)).size, 1);
    await assertWhole(guests);
  });

  test('are made once for two windows', async () => {
    const module = join(import.meta.dirname, '../../../../../src/engines/environment/access/ssh-keys.ts');
    const window = (guests: readonly string[]) =>
      execa(process.execPath, [
        '--input-type=module',
        '-e',
        `const { SshKeys } = await import(${JSON.stringify(module)});
        await Promise.all(${JSON.stringify(guests)}.map(async (guest) => {
          const keys = new SshKeys(${JSON.stringify(folder)});
          await keys.ensureIdentity();
          await keys.ensureHostKey(guest);
        }));`,
      ]);
    await Promise.all([window(['a', 'b', 'c']), window(['c', 'd', 'e'])]);
    await assertWhole(['a', 'b', 'c', 'd', 'e']);
  });

  test('that lack a half are made anew, and one that is forgotten is gone', async () => {
    const keys = new SshKeys(folder);
    const [first] = await prepare('a');
    await rm(keys.identity);
    const [second] = await prepare('a');
    assert.notEqual(first, second);
    await assertWhole(['a']);
    await keys.forget('a');
    assert.equal(await readFile(keys.knownHosts, 'utf8'), '');
    assert.deepEqual((await readdir(folder)).toSorted(), [
      '.lock',
      'id_ed25519',
      'id_ed25519.pub',
      'known_hosts',
    ]);
  });
});
