import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ImageStore, type StoredImage } from '../../../../../src/engines/environment/images/image-store.ts';
import { eventually } from '../../../../support/eventually.ts';

const MIB = 1024 * 1024;
const PAIRS = 50;
const CHILD = join(import.meta.dirname, 'store-child.ts');

suite('A base image that has to be converted', { timeout: 300_000 }, () => {
  let work: string;
  let folder: string;
  let vmdk: string;
  let raw: string;
  const source = () => ({ kind: 'file', path: vmdk, format: 'vmdk' }) as const;
  const ensure = () => new ImageStore(folder).ensure(source(), { signal: AbortSignal.timeout(60_000) });

  before(async () => {
    work = await mkdtemp(join(tmpdir(), 'kvm-base-'));
    raw = join(work, 'disk.raw');
    vmdk = join(work, 'disk.vmdk');
    await writeFile(raw, randomBytes(2 * MIB));
    await execa('qemu-img', ['convert', '-O', 'vmdk', raw, vmdk], { stdin: 'ignore' });
  });
  after(async () => rm(work, { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(work, 'store-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  async function isWhole({ path }: StoredImage): Promise<void> {
    const { exitCode, stderr } = await execa('qemu-img', ['compare', path, raw], {
      reject: false,
      stdin: 'ignore',
    });
    assert.equal(exitCode, 0, stderr);
  }

  const partsIn = async () => (await readdir(folder)).filter((name) => name.endsWith('.part'));

  function window(): { readonly child: ChildProcess; readonly output: Promise<string> } {
    const child = spawn(process.execPath, [CHILD, folder, vmdk], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    return { child, output: once(child, 'close').then(() => text) };
  }

  test('is made once for two windows, however often they want it at the same time', async () => {
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [one, two] = await Promise.all([ensure(), ensure()]);
      assert.deepEqual(one, two);
      await isWhole(one);
      assert.deepEqual(await partsIn(), []);
      await rm(folder, { recursive: true });
    }
  });

  test('is made once for two processes', async () => {
    for (let pair = 0; pair < 3; pair += 1) {
      const outputs = await Promise.all([window().output, window().output, window().output]);
      const images = outputs.map((text) => JSON.parse(text.trim().split('\n').at(-1) ?? '') as StoredImage);
      for (const image of images) await isWhole(image);
      assert.ok(outputs.filter((text) => text.includes('converting')).length <= 1);
      await rm(folder, { recursive: true });
    }
  });

  test('is made anew where nothing says that it is whole, and where it is not what was said', async () => {
    const image = await ensure();
    const note = `${image.path}.finished`;
    const { ino } = await stat(image.path);
    assert.deepEqual([await ensure(), (await stat(image.path)).ino], [image, ino]);
    const spoil = [
      () => truncate(image.path, 0),
      () => truncate(image.path, 300_000),
      // As long as it was.
      async () => writeFile(image.path, Buffer.alloc((await stat(image.path)).size)),
      () => rm(note),
      () => writeFile(note, '{"size":'),
    ];
    for (const each of spoil) {
      await each();
      await isWhole(await ensure());
    }
    // As it is, although somebody has touched it.
    const before = await stat(image.path);
    await utimes(image.path, 1, 1);
    await ensure();
    assert.equal((await stat(image.path)).ino, before.ino);
  });

  test('whose maker is killed is made by the next one, and nothing of the dead one goes on or stays', async () => {
    // Long enough to be killed in the middle.
    const large = join(work, 'large.raw');
    await writeFile(large, '');
    await truncate(large, 64 * MIB);
    for (let at = 0; at < 64; at += 8) await writeFile(large, randomBytes(8 * MIB), { flag: 'a' });
    const old = [vmdk, raw];
    [raw, vmdk] = [large, join(work, 'large.vmdk')];
    await execa('qemu-img', ['convert', '-O', 'vmdk', raw, vmdk], { stdin: 'ignore' });
    try {
      for (const wait of [0, 50]) {
        const { child } = window();
        const part = await eventually('it is being made', async () => (await partsIn().catch(() => []))[0]);
        await sleep(wait);
        child.kill('SIGKILL');
        await once(child, 'close');
        await eventually('its program has ended', async () => (await usersOf(join(folder, part))) === 0);
        await isWhole(await ensure());
        assert.deepEqual(await partsIn(), []);
        await rm(folder, { recursive: true });
      }
    } finally {
      [vmdk = '', raw = ''] = old;
    }
  });
});

/** How many processes have a file open. */
async function usersOf(path: string): Promise<number> {
  let count = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (line.includes('qemu-img') && line.includes(path)) count += 1;
  }
  return count;
}
