import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { copyFromGuest, findInGuest } from '../../../../../src/engines/environment/access/copy.ts';
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
});
