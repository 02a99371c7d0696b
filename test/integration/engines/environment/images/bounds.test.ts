import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { withRoom } from '../../../../../src/client/libvirt/storage/free-space.ts';
import { convertImage } from '../../../../../src/engines/environment/images/convert.ts';
import { ImageStore } from '../../../../../src/engines/environment/images/image-store.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 48 * MIB;
const DIGEST = `sha256:${'0'.repeat(64)}`;
const skip = process.getuid?.() === 0 ? false : 'Only root can mount';

suite('What others send has a bound', { timeout: 60_000, skip }, () => {
  const disk = join(tmpdir(), `kvm-bounds-${process.pid}`);
  let server: Server;
  let url: string;
  let answer: RequestListener;
  let sent: number;

  before(async () => {
    await mkdir(disk);
  });
  after(async () => rm(disk, { recursive: true }));
  beforeEach(async () => {
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]);
    sent = 0;
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await execa('umount', [disk]);
  });

  const store = (checksum = DIGEST) =>
    new ImageStore(disk, () => [{ name: 'mine', url: `${url}/a.qcow2`, checksum }]);
  const ensure = (images = store()) =>
    images.ensure({ kind: 'catalogue', name: 'mine' }, { signal: AbortSignal.timeout(30_000) });
  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  };

  /** Sends for as long as somebody takes it. */
  const endless =
    (headers: Record<string, string> = {}): RequestListener =>
    (_, response) => {
      response.writeHead(200, headers);
      const piece = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (!response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    };

  async function isAsBefore(): Promise<void> {
    const left = (await readdir(disk)).filter((name) => !name.endsWith('.lock'));
    assert.deepEqual(left, []);
    assert.ok((await freeBytes()) > DISK_BYTES - MIB);
  }

  test('a download without an end stops before the disk is full, and leaves nothing there', async () => {
    answer = endless();
    let least = Infinity;
    const images = store();
    const watch = setInterval(() => void freeBytes().then((free) => (least = Math.min(least, free))), 5);
    try {
      await assert.rejects(ensure(images), {
        name: 'ImageError',
        code: 'no-space',
        message: /There is no space/u,
      });
    } finally {
      clearInterval(watch);
    }
    assert.ok(least > MIB, `${least} bytes were left`);
    await isAsBefore();
  });

  test('a download that is packed, and far longer than it says, stops likewise', async () => {
    const packed = gzipSync(Buffer.alloc(200 * MIB));
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      response.end(packed);
    };
    await assert.rejects(ensure(), { code: 'no-space' });
    await isAsBefore();
  });

  test('an announcement beyond the disk is not begun', async () => {
    answer = endless({ 'content-length': '9007199254740991' });
    await assert.rejects(ensure(), { code: 'no-space' });
    await isAsBefore();
  });

  test('a list of checksums is no text of any length, whatever came over the wire', async () => {
    const packed = gzipSync(Buffer.alloc(200 * MIB, 'x'));
    assert.ok(packed.length < 300_000);
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      response.end(packed);
    };
    const before = process.memoryUsage().rss;
    await assert.rejects(ensure(store(`${url}/SHA256SUMS`)), {
      name: 'ImageError',
      message: /SHA256SUMS from .* is longer than 4 MiB/u,
    });
    assert.ok(process.memoryUsage().rss - before < 64 * MIB);
    sent = 0;
    answer = endless();
    await assert.rejects(ensure(store(`${url}/SHA256SUMS`)), /is longer than 4 MiB/u);
    assert.ok(sent < 32 * MIB, `${sent} bytes were taken`);
  });

  test('a program that writes is ended while there is room for others', async () => {
    const target = join(disk, 'target');
    // Most of it at once, the rest slowly: a busy machine may look late.
    const script =
      '{ dd if=/dev/zero bs=1M count=40 status=none; ' +
      'while dd if=/dev/zero bs=64k count=1 status=none; do sleep 0.05; done; } > "$1"';
    const writing = withRoom(disk, AbortSignal.timeout(30_000), async (ending) =>
      execa('sh', ['-c', script, 'sh', target], { cancelSignal: ending, stdin: 'ignore', reject: false }),
    );
    const { isCanceled } = await writing;
    assert.ok(isCanceled);
    assert.ok((await freeBytes()) > 0);
    await rm(target);
    await isAsBefore();
  });

  test('a conversion that unpacks to more than there is room for leaves nothing there', async () => {
    const raw = join(disk, 'raw');
    const work = join(tmpdir(), `kvm-bounds-${process.pid}.vmdk`);
    const big = `${work}.raw`;
    await writeFile(big, Buffer.alloc(128 * MIB, 'abc'));
    try {
      const options = ['-O', 'vmdk', '-o', 'subformat=streamOptimized'];
      await execa('qemu-img', ['convert', '-f', 'raw', ...options, big, work], { stdin: 'ignore' });
      const converting = convertImage({ path: work, format: 'vmdk' }, `${raw}.qcow2`, {
        signal: AbortSignal.timeout(30_000),
      });
      await assert.rejects(converting, { code: 'no-space' });
      await isAsBefore();
    } finally {
      await Promise.all([rm(big), rm(work, { force: true })]);
    }
  });
});
