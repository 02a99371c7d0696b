import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { execa } from 'execa';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { pidOf } from '../faults/daemon.ts';
import { type Places, Scene } from './scene.ts';
import { makeSources } from './sources.ts';

const MIB = 1024 * 1024;
const DISK_MIB = 128;
/** The folder of images serves slowly, so that there is a middle. */
const PIECE = 512 * 1024;
const PAUSE_MS = 10;

/** What stays of a workspace whatever became of its guests, and serves the next ones. */
const STAYS = [
  // What a download of a dead process left; the next one removes it when nobody has written to it for a minute.
  /^workspace\/k-volume\.\d+-[0-9a-f]{8}\.part$/u,
  /^(?:other-)?workspace\/kvm\.yaml$/u,
  /^(?:other-)?workspace\/\.images\/(?!.*\.part$)/u,
  /^(?:other-)?workspace\/environments\/[^/]+\/(?:id_ed25519(?:\.pub)?|known_hosts|ssh_config)$/u,
  /\.lock\/(?:\d+|\.new-\w+)\/owner$/u,
];

/** A host, a workspace on a small disk, and what else is there and is to stay as it is. */
export class World implements AsyncDisposable {
  readonly places: Places;
  readonly daemon: PrivateDaemon;
  readonly #undo: AsyncDisposableStack;
  #files: ReadonlyMap<string, string> = new Map();
  #witness = '';
  readonly #digests = new Map<string, { readonly version: string; readonly digest: string }>();

  private constructor(places: Places, daemon: PrivateDaemon, undo: AsyncDisposableStack) {
    this.places = places;
    this.daemon = daemon;
    this.#undo = undo;
  }

  /** Only root may mount a disk. */
  static async open(): Promise<World> {
    await using undo = new AsyncDisposableStack();
    const sources = await temporary(undo, 'kvm-killer-sources-');
    const raw = await makeSources(sources);
    const disk = await temporary(undo, 'kvm-killer-disk-');
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=755`, 'tmpfs', disk]);
    undo.defer(async () => void (await execa('umount', [disk], { reject: false })));
    // Afterwards, so that it is the same disk to the daemon.
    const daemon = undo.use(await startPrivateDaemon({ privateNetwork: true }));
    const images = undo.adopt(await serve(sources), (server) => void server.close());
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = [join(sources, 'bin'), path].join(delimiter);
    undo.defer(() => void (process.env['PATH'] = path));
    const places: Places = {
      disk,
      workspace: 'workspace',
      sources,
      uri: daemon.uri,
      images: `http://127.0.0.1:${(images.address() as AddressInfo).port}`,
      kernel: await daemon.tinyOsElf(),
      sha256: { raw },
    };
    const world = new World(places, daemon, undo.move());
    await world.#furnish();
    world.#files = await world.#filesNow();
    world.#witness = await world.#seenByVirsh();
    return world;
  }

  scene(places = this.places): Scene {
    return new Scene(places);
  }

  daemonPid(): Promise<number> {
    return pidOf(this.daemon);
  }

  /** There is room on the disk again, and the daemon answers. */
  async mend(): Promise<void> {
    await rm(join(this.places.disk, 'filler'), { force: true });
    const end = await this.daemon.crash();
    if (end !== undefined) await this.daemon.start();
  }

  /** @throws AssertionError when something that was there before is not what it was */
  async assertUnchanged(): Promise<void> {
    const now = await this.#filesNow();
    for (const [path, digest] of this.#files)
      assert.equal(now.get(path), digest, `${path} is what it was before`);
    assert.equal(await this.#seenByVirsh(), this.#witness);
  }

  /** @throws AssertionError when there is more than before, and than what is made to stay */
  async assertTidy(): Promise<void> {
    const more = (await this.#strays()).filter((path) => !STAYS.some((pattern) => pattern.test(path)));
    assert.deepEqual(more, [], 'nothing is left');
  }

  /** Removes files that were not there in the beginning. */
  async removeStrays(): Promise<void> {
    for (const path of await this.#strays()) await rm(join(this.places.disk, path), { force: true });
  }

  /** Removes whatever was not there in the beginning, after something went wrong. */
  async reset(): Promise<void> {
    await this.mend();
    for (const name of await this.#ours('list'))
      await this.#try(['destroy', name], ['undefine', name, '--managed-save', '--nvram']);
    for (const name of await this.#ours('net-list'))
      await this.#try(['net-destroy', name], ['net-undefine', name]);
    await this.removeStrays();
    await this.daemon.virsh('pool-refresh', 'default');
  }

  async #ours(list: string): Promise<readonly string[]> {
    const names = (await this.daemon.virsh(list, '--all', '--name')).split('\n');
    return names.map((name) => name.trim()).filter((name) => name.startsWith('k-'));
  }

  async #try(...commands: readonly (readonly string[])[]): Promise<void> {
    for (const command of commands) await this.daemon.virsh(...command).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#undo.disposeAsync();
  }

  async #furnish(): Promise<void> {
    const { disk, kernel } = this.places;
    const near = (...names: readonly string[]) => join(disk, ...names);
    for (const name of ['workspace', 'workspace/.images', 'workspace/disks', 'pool', 'guest'])
      await mkdir(near(name), { mode: 0o755 });
    // The host cannot read images there, and gets copies.
    await chmod(near('workspace'), 0o700);
    // Another workspace of the same person, with the same folder of images.
    await mkdir(near('other-workspace'), { mode: 0o700 });
    await symlink(near('workspace/.images'), near('other-workspace/.images'));
    const theirs = [
      'workspace/notes.txt',
      'workspace/disks/other.qcow2',
      'workspace/.images/ffffffffffff-other.qcow2',
      'workspace/.images/ffffffffffff-other.qcow2.finished',
      'pool/others.raw',
      'pool/kvm-base-ffffffffffff-0badcafe.raw',
      'guest/notes.txt',
    ];
    for (const name of theirs) await writeFile(near(name), randomBytes(2 * MIB));
    await this.daemon.virsh('pool-define-as', 'default', 'dir', '--target', near('pool'));
    await this.daemon.virsh('pool-autostart', 'default');
    await this.daemon.virsh('pool-start', 'default');
    await this.daemon.virsh('vol-create-as', 'default', 'bystander.qcow2', '1M', '--format', 'qcow2');
    const bystander = tinyOsXml({ name: 'bystander', kernel }).replace(
      '<devices>',
      `<devices><disk type="file"><driver name="qemu" type="qcow2"/><source file="${near('pool/bystander.qcow2')}"/><target dev="vda"/></disk>`,
    );
    await this.daemon.define(bystander);
    await this.daemon.defineTinyOs('bystander-runs');
    await this.daemon.virsh('start', 'bystander-runs');
  }

  async #filesNow(): Promise<ReadonlyMap<string, string>> {
    const { disk, sources } = this.places;
    const found = new Map<string, string>();
    for (const folder of [disk, sources])
      for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) found.set(relative(disk, path), await this.#digestOf(path));
      }
    return found;
  }

  /** Of a file's mode and bytes, which are read once for each time of its last change. */
  async #digestOf(path: string): Promise<string> {
    const { ctimeMs, size, ino, mode } = await lstat(path);
    const version = [ctimeMs, size, ino].join(' ');
    const known = this.#digests.get(path);
    if (known?.version === version) return known.digest;
    const hash = createHash('sha256').update(await readFile(path));
    const digest = `${(mode & 0o7777).toString(8)} ${hash.digest('hex')}`;
    this.#digests.set(path, { version, digest });
    return digest;
  }

  async #strays(): Promise<readonly string[]> {
    const strays: string[] = [];
    for (const path of (await this.#filesNow()).keys()) if (!this.#files.has(path)) strays.push(path);
    return strays;
  }

  /** What is none of ours, as libvirt's own client tells it. */
  async #seenByVirsh(): Promise<string> {
    const dumps = ['bystander', 'bystander-runs'].map((name) => `dumpxml --inactive ${name}`);
    // One virsh for all of it.
    const said = await this.daemon.virsh(
      ['list --all', 'net-list --all', 'pool-list --all', ...dumps].join('; '),
    );
    // Columns are as wide as their widest word, which may be one of ours.
    const lines = said.split('\n').map((line) => line.trim().replaceAll(/ {2,}/gu, ' '));
    return lines.filter((line) => !/(?:^| )k-/u.test(line)).join('\n');
  }
}

async function temporary(undo: AsyncDisposableStack, prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o755);
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const data = await readFile(join(folder, 'disk.raw'));
      const start = Number(/bytes=(\d+)-/u.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (start >= data.length) {
        response.writeHead(416).end();
        return;
      }
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': data.length - start });
      for (let at = start; at < data.length && !response.destroyed; at += PIECE) {
        response.write(data.subarray(at, at + PIECE));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
