import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { execa } from 'execa';
import { ImageStore } from '../../../../../src/engines/environment/images/image-store.ts';

/** A web server that can break connections, as the internet does. */
class ImageServer {
  readonly files = new Map<string, Buffer>();
  readonly requests: string[] = [];
  /** Cuts this many answers in their middle. */
  cut = 0;
  ranges = true;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const { url = '', headers } = request;
      this.requests.push(`${url} ${headers.range ?? ''}`.trim());
      const file = this.files.get(url);
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      const start = this.ranges ? Number(/bytes=(\d+)-/u.exec(headers.range ?? '')?.[1] ?? 0) : 0;
      const part = file.subarray(start);
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': part.length });
      if (this.cut > 0 && url === '/a.qcow2') {
        this.cut -= 1;
        response.write(part.subarray(0, Math.floor(part.length / 2)), () =>
          setTimeout(() => response.destroy(), 50),
        );
      } else response.end(part);
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What is in a folder, without locks. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.endsWith('.lock'));
}

suite('Base images', () => {
  let server: ImageServer;
  let url: string;
  let folder: string;
  let image: Buffer;
  let digest: string;
  let store: ImageStore;

  before(async () => {
    const work = await mkdtemp(join(tmpdir(), 'kvm-image-'));
    await execa('qemu-img', ['create', '-q', '-f', 'raw', join(work, 'raw'), '3M']);
    await writeFile(
      join(work, 'raw'),
      createHash('sha512').update('x').digest().toString('hex').repeat(8192),
    );
    await execa('qemu-img', ['convert', '-O', 'qcow2', '-f', 'raw', join(work, 'raw'), join(work, 'q')]);
    image = await readFile(join(work, 'q'));
    digest = createHash('sha256').update(image).digest('hex');
    await rm(work, { recursive: true });
  });
  beforeEach(async () => {
    server = new ImageServer();
    url = await server.listen();
    folder = await mkdtemp(join(tmpdir(), 'kvm-images-'));
    server.files.set('/a.qcow2', image);
    server.files.set('/SHA256SUMS', Buffer.from(`${'0'.repeat(64)}  other\n${digest}  a.qcow2\n`));
    store = new ImageStore(folder, () => [
      { name: 'mine', url: `${url}/a.qcow2`, checksum: `${url}/SHA256SUMS` },
    ]);
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const source = { kind: 'catalogue', name: 'mine' } as const;
  const options = () => ({ signal: AbortSignal.timeout(20_000) });

  test('come from the catalogue with the checksum that is listed, once, and are only read from then on', async () => {
    const progress: number[] = [];
    const [first, second] = await Promise.all([
      store.ensure(source, { ...options(), onProgress: (bytes) => progress.push(bytes) }),
      store.ensure(source, options()),
    ]);
    assert.deepEqual(first, second);
    assert.equal(first.format, 'qcow2');
    assert.equal(first.virtualBytes, 1_048_576);
    assert.equal(progress.at(-1), image.length);
    assert.equal((await stat(first.path)).mode & 0o222, 0);
    await store.ensure(source, options());
    assert.equal(server.requests.filter((request) => request.startsWith('/a.qcow2')).length, 1);
    server.close();
    assert.equal((await store.ensure(source, options())).path, first.path, 'also while nobody can be asked');
  });

  test('that are not what they should be are refused, and not kept', async () => {
    server.files.set('/a.qcow2', Buffer.concat([image, Buffer.from('!')]));
    await assert.rejects(store.ensure(source, options()), {
      code: 'checksum',
      message: /has the wrong sha256 checksum/u,
    });
    assert.deepEqual(await namesIn(folder), []);
  });

  test('that nobody vouches for are not downloaded at all', async () => {
    server.files.set('/SHA256SUMS', Buffer.from(`${digest}  b.qcow2\n${digest}  c.qcow2\n`));
    await assert.rejects(store.ensure(source, options()), {
      code: 'checksum',
      message: /no checksum of a\.qcow2/u,
    });
    assert.deepEqual(server.requests, ['/SHA256SUMS']);
  });

  test('go on where a connection broke', async () => {
    server.cut = 2;
    await store.ensure(source, options());
    const ranges = server.requests.filter((request) => request.startsWith('/a.qcow2'));
    assert.equal(ranges.length, 3);
    assert.match(ranges[2] ?? '', /bytes=\d+-$/u);
  });

  test('start again from a server that knows no ranges', async () => {
    server.cut = 1;
    server.ranges = false;
    const { path } = await store.ensure(source, options());
    assert.deepEqual(await readFile(path), image);
  });

  test('go on where somebody pressed Cancel', async () => {
    server.cut = 1;
    const abort = new AbortController();
    const cancelled = store.ensure(source, { signal: abort.signal, onProgress: () => abort.abort() });
    await assert.rejects(cancelled, { name: 'AbortError' });
    const [part] = await namesIn(folder);
    assert.match(part ?? '', /\.part$/u);
    await store.ensure(source, options());
    assert.match(server.requests.at(-1) ?? '', /bytes=\d+-$/u);
  });

  test('of which only a part was ever wanted do not stay for good', async () => {
    const old = join(folder, `other.qcow2.${'0'.repeat(12)}.part`);
    const recent = join(folder, `other.qcow2.${'1'.repeat(12)}.part`);
    await Promise.all([old, recent].map(async (path) => writeFile(path, 'x')));
    await utimes(old, 1, 1);
    await store.ensure(source, options());
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [basename(recent)],
    );
  });

  test('that are not there, or whose server is away, are told in a sentence', async () => {
    server.files.delete('/a.qcow2');
    await assert.rejects(store.ensure(source, options()), {
      code: 'not-found',
      message: /did not deliver a\.qcow2: 404/u,
    });
    server.close();
    await assert.rejects(store.ensure(source, options()), { code: 'network' });
  });

  test('that read other files of the host are refused', async () => {
    const evil = join(folder, 'evil.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', evil]);
    await assert.rejects(store.ensure({ kind: 'file', path: evil, format: 'qcow2' }, options()), {
      code: 'bad-image',
      message: /reads other files/u,
    });
  });

  test('of other formats are converted once', async () => {
    const vmdk = join(folder, 'disk.vmdk');
    await execa('qemu-img', ['create', '-q', '-f', 'vmdk', vmdk, '2M']);
    const first = await store.ensure({ kind: 'file', path: vmdk, format: 'vmdk' }, options());
    assert.deepEqual([first.format, first.virtualBytes], ['qcow2', 2 * 1024 * 1024]);
    const { mtimeMs } = await stat(first.path);
    const again = await store.ensure({ kind: 'file', path: vmdk, format: 'vmdk' }, options());
    assert.equal((await stat(again.path)).mtimeMs, mtimeMs);
  });

  suite('on a disk that is full', { skip: process.getuid?.() === 0 ? false : 'Only root can mount' }, () => {
    const small = join(tmpdir(), `kvm-small-${process.pid}`);
    before(async () => {
      await mkdir(small);
      await execa('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
    });
    after(async () => {
      await execa('umount', [small]);
      await rm(small, { recursive: true });
    });

    test('are not begun, or end in a sentence that says where room is wanted', async () => {
      const full = new ImageStore(small, () => [
        { name: 'mine', url: `${url}/a.qcow2`, checksum: `sha256:${digest}` },
      ]);
      await assert.rejects(full.ensure(source, options()), {
        code: 'no-space',
        message: /There is no space/u,
      });
      assert.deepEqual(await namesIn(small), []);
    });
  });
});
