import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import {
  copyFromGuest,
  copyToGuest,
  findInGuest,
} from '../../../../../src/engines/environment/access/copy.ts';
import { SshKeys } from '../../../../../src/engines/environment/access/ssh-keys.ts';

const MIB = 1024 * 1024;
const target = { address: '192.0.2.1', port: 22, user: 'u', alias: 'a', knownKey: true };
const skip = process.getuid?.() === 0 ? false : 'Only root can mount';

suite('A guest that sends without an end', { timeout: 60_000 }, () => {
  let folder: string;
  let path: string | undefined;
  const patience = () => AbortSignal.timeout(30_000);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-endless-'));
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'disk'));
    path = process.env['PATH'];
    process.env['PATH'] = `${join(folder, 'bin')}${delimiter}${path}`;
  });
  after(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });

  /** Answers for the guest. */
  async function guestSays(script: string): Promise<void> {
    await writeFile(join(folder, 'bin', 'ssh'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'bin', 'ssh'), 0o755);
  }
  const end = () => ({ keys: new SshKeys(join(folder, 'keys')), target });
  // A file of 1 TiB in an archive, as far as it goes.
  const endless = `exec ${process.execPath} -e '
const header = Buffer.alloc(512);
header.write("./big"); header.write("0000644", 100); header.write("0000000", 108); header.write("0000000", 116);
header[124] = 0x80; header.writeBigUInt64BE(1n << 40n, 128);
header.write("00000000000", 136); header.fill(" ", 148, 156); header.write("0", 156); header.write("ustar\\u000000", 257);
header.write(header.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0") + "\\0 ", 148);
process.stdout.write(header);
const piece = Buffer.alloc(1 << 20, "x");
const more = () => { while (process.stdout.write(piece)); };
process.stdout.on("drain", more).on("error", () => process.exit(1)); more();'`;

  test('gets no more than the room that is to spare, and nothing of it stays', { skip }, async () => {
    const disk = join(folder, 'disk');
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${64 * MIB}`, 'tmpfs', disk]);
    try {
      await guestSays(endless);
      await assert.rejects(
        copyFromGuest(end(), { path: '/big', bytes: 4096 }, disk, { signal: patience() }),
        (error: Error) => ['NoSpaceError', 'CopyError'].includes(error.name),
      );
      assert.deepEqual(await readdir(disk), []);
    } finally {
      await execa('umount', [disk]);
    }
  });

  test('is held to what it has announced', async () => {
    await guestSays(endless);
    const file = { path: '/big', bytes: 4096, limit: 8 * MIB };
    await assert.rejects(
      copyFromGuest(end(), file, folder, { signal: patience() }),
      /sent far more than the 1 MiB that it announced/u,
    );
    assert.deepEqual((await readdir(folder)).toSorted(), ['bin', 'disk']);
  });

  test('has announced what it uses, and how long that is where it can tell', async () => {
    await guestSays('echo 4 1000000');
    const { bytes, limit } = await findInGuest(end(), '/big', patience());
    assert.deepEqual([bytes, limit], [4096, 2 * 1_000_000 * 1024 + 1024 * MIB]);
    await guestSays('echo 4');
    assert.deepEqual(await findInGuest(end(), '/big', patience()), { path: '/big', bytes: 4096 });
    await guestSays('echo evil');
    assert.equal((await findInGuest(end(), '/big', patience())).bytes, 0);
  });

  test('adds to a folder file by file: who reads one has the old one or the new one, whole', async () => {
    await guestSays('for script; do :; done; exec sh -c "$script"');
    const [there, here] = [join(folder, 'there'), join(folder, 'here')];
    for (const [place, text] of [
      [join(there, 'tree/deep'), 'new'],
      [join(here, 'tree/deep'), 'old'],
    ] as const) {
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'file'), text);
    }
    await writeFile(join(here, 'tree/own'), 'own');
    const path = join(here, 'tree/deep/file');
    const copies = [
      async () =>
        copyFromGuest(end(), { path: join(there, 'tree'), bytes: 4096 }, here, { signal: patience() }),
      async () => copyToGuest(end(), [join(there, 'tree')], here, { signal: patience() }),
    ];
    for (const copy of copies) {
      await writeFile(path, 'old');
      await using reader = await open(path);
      await copy();
      assert.equal(await readFile(path, 'utf8'), 'new');
      assert.equal(await reader.readFile('utf8'), 'old', 'it was not written over');
      assert.equal(await readFile(join(here, 'tree/own'), 'utf8'), 'own');
      assert.deepEqual(await readdir(here), ['tree']);
    }
    await mkdir(join(here, 'tree/file'));
    await writeFile(join(there, 'tree/file'), '');
    await assert.rejects(
      copyToGuest(end(), [join(there, 'tree')], here, { signal: patience() }),
      /is a folder/u,
    );
  });
});
