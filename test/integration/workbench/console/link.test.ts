import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { graphicsOf } from '../../../../src/workbench/console/display/graphics.ts';
import { type Blank, DisplayLink, type LinkOwner } from '../../../../src/workbench/console/display/link.ts';
import { openRemoteViewer } from '../../../../src/workbench/console/display/remote-viewer.ts';
import { addVncDisplay } from '../../../../src/model/operations/domain/add-vnc.ts';
import { type Listen, withVnc } from '../../../../src/model/operations/domain/vnc-xml.ts';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import { type Connector, Host } from '../../../../src/model/inventory/host.ts';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { DomainXml } from '../../../../src/client/libvirt/domain/domain.ts';
import { Transports } from '../../../../src/client/transport/open.ts';
import { eventually } from '../../../support/eventually.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';

/** A guest whose firmware finds nothing to boot, and says so on its screen. */
function screenOnly(name: string, graphics: string): string {
  return `<domain type="qemu">
  <name>${name}</name>
  <memory unit="MiB">16</memory>
  <os><type arch="x86_64" machine="pc">hvm</type></os>
  <devices>
    <controller type="usb" model="none"/>
    <memballoon model="none"/>
    ${graphics}
    <video><model type="vga" vram="16384"/></video>
  </devices>
</domain>`;
}

const SERVER_INIT = 24;
/** Up to where the greeting that noVNC gets ends. */
const GREETING = 'RFB 003.008\n'.length + 2 + 4;

/** A client at the other end of a link, that says to it what noVNC would. */
class Viewer implements LinkOwner {
  readonly blanks: Blank['kind'][] = [];
  readonly link: DisplayLink;
  #bytes = Buffer.alloc(0);

  constructor(target: DomainTarget) {
    this.link = new DisplayLink(target, this);
  }

  opened(): void {
    this.#bytes = Buffer.alloc(0);
    queueMicrotask(() => this.link.write(Buffer.from('RFB 003.008\n\u0001\u0001', 'latin1')));
  }

  data(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.link.taken(bytes.length);
  }

  blank({ kind }: Blank): void {
    this.blanks.push(kind);
  }

  /** What the display calls itself, once its picture can be asked for. */
  async name(): Promise<string> {
    const init = await this.#from(GREETING, SERVER_INIT);
    const [width, height] = [init.readUInt16BE(0), init.readUInt16BE(2)];
    assert.ok(width >= 640 && height >= 400, `${width} × ${height} pixels`);
    return String(await this.#from(GREETING + SERVER_INIT, init.readUInt32BE(20)));
  }

  /** Asks for the whole picture, and waits for the first of it. */
  async picture(): Promise<void> {
    const before = this.#bytes.length;
    this.link.write(Buffer.from([3, 0, 0, 0, 0, 0, 0, 64, 0, 64]));
    assert.equal((await this.#from(before, 64 * 64 * 4))[0], 0, 'a FramebufferUpdate');
  }

  async sees(kind: Blank['kind']): Promise<void> {
    await eventually(`the display is “${kind}”`, () => Promise.resolve(this.blanks.at(-1) === kind));
  }

  #from(start: number, length: number): Promise<Buffer> {
    return eventually('the display has said enough', () =>
      Promise.resolve(this.#bytes.length >= start + length && this.#bytes.subarray(start, start + length)),
    );
  }
}

suite('Displays of guests', () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let transports: Transports;
  const hosts = new Map<'local' | 'ssh', Host>();

  before(async () => {
    daemon = await startPrivateDaemon();
    ssh = await startSshServer();
    transports = new Transports();
    const connector: Connector = (uri, signal) => connect(uri, signal, { transports });
    for (const [kind, uri] of [
      ['local', daemon.uri],
      ['ssh', ssh.uri({ socket: daemon.socket })],
    ] as const) {
      const host = new Host({ name: kind, uri, origin: 'configured' }, connector);
      await host.connect();
      hosts.set(kind, host);
    }
  });
  after(async () => {
    for (const host of hosts.values()) host.disconnect();
    await transports?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  async function start(name: string, graphics: string): Promise<void> {
    await daemon.define(screenOnly(name, graphics));
    await daemon.virsh('start', name);
  }

  async function targetOn(kind: 'local' | 'ssh', name: string): Promise<DomainTarget> {
    const host = hosts.get(kind) ?? assert.fail();
    const target = new DomainTarget(host, await daemon.virsh('domuuid', name));
    await host.refresh({ kind: 'domain', key: target.uuid });
    return target;
  }

  async function viewerOn(kind: 'local' | 'ssh', name: string): Promise<Viewer & Disposable> {
    const viewer = new Viewer(await targetOn(kind, name));
    return Object.assign(viewer, { [Symbol.dispose]: () => viewer.link.dispose() });
  }

  suite('at a socket', () => {
    before(async () => {
      const folder = join(daemon.folder, 'screens');
      await mkdir(folder);
      // For the user that QEMU runs as.
      await chmod(folder, 0o777);
      await start('socket', `<graphics type="vnc" socket="${join(folder, 'vnc')}"/>`);
    });

    for (const kind of ['local', 'ssh'] as const)
      test(`of a ${kind} host are shown`, async () => {
        using viewer = await viewerOn(kind, 'socket');
        viewer.link.show();
        assert.equal(await viewer.name(), 'QEMU (socket)');
        await viewer.picture();
      });

    test('are shown to two at once', async () => {
      using first = await viewerOn('local', 'socket');
      using second = await viewerOn('ssh', 'socket');
      first.link.show();
      await first.name();
      second.link.show();
      await second.name();
      await Promise.all([first.picture(), second.picture()]);
      assert.deepEqual([first.blanks, second.blanks], [['connecting'], ['connecting']]);
    });

    test('that nobody looks at have no connection', async () => {
      using viewer = await viewerOn('local', 'socket');
      viewer.link.show();
      await viewer.name();
      viewer.link.hide();
      await eventually('the display has no client', async () => {
        const info = await daemon.virsh('qemu-monitor-command', 'socket', '--hmp', 'info vnc');
        return !info.includes('Client:');
      });
    });
  });

  test('that listen nowhere can be changed, and are then there at the next start', async () => {
    await start('nowhere', '<graphics type="vnc"><listen type="none"/></graphics>');
    using viewer = await viewerOn('local', 'nowhere');
    viewer.link.show();
    await viewer.sees('no-vnc');
    const connection = await (hosts.get('local') ?? assert.fail()).connect();
    const ref = await connection.domains.lookupByName('nowhere');
    const change = async (listen: Listen) => {
      await addVncDisplay(viewer.link.target, { listen });
      await daemon.virsh('destroy', 'nowhere');
      await viewer.sees('off');
      await daemon.virsh('start', 'nowhere');
    };
    await change({ kind: 'port', password: 'password' });
    assert.equal(await viewer.name(), 'QEMU (nowhere)');
    await change({ kind: 'socket' });
    const graphics = graphicsOf(await connection.domains.xml(ref));
    assert.ok(graphics.kind === 'vnc' && 'path' in graphics.to, JSON.stringify(graphics));
  });

  suite('that are SPICE', () => {
    let folder: string;
    let path: string | undefined;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-viewer-'));
      path = process.env['PATH'];
      await start(
        'spice',
        '<graphics type="spice" autoport="yes" listen="127.0.0.1" passwd="spice-secret"/>',
      );
    });
    after(async () => {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true, force: true });
    });

    /** In the place of remote-viewer: tells what it was given, and lives until it is told to end or its test has. */
    async function recordViewer(): Promise<void> {
      const lines = [
        '#!/bin/sh',
        `cd '${folder}'`,
        'if [ -f "$2" ]; then cp "$2" file; stat -c %a "$2" "$(dirname "$2")" >modes; fi',
        `printf '%s\\n' "$@" >arguments.new; mv arguments.new arguments`,
        `while [ -d '${folder}' ] && ! [ -e end ]; do sleep 0.05; done`,
      ];
      const program = join(folder, 'remote-viewer');
      await writeFile(program, `${lines.join('\n')}\n`, { mode: 0o755 });
      process.env['PATH'] = `${folder}${delimiter}${path}`;
    }

    async function open(
      kind: 'local' | 'ssh',
    ): Promise<{ readonly given: string; readonly close: () => Promise<void> }> {
      const target = await targetOn(kind, 'spice');
      const connection = await target.host.connect();
      const ref = await connection.domains.lookupByName('spice');
      const graphics = graphicsOf(await connection.domains.xml(ref, DomainXml.SECURE));
      assert.ok(graphics.kind === 'spice');
      const viewed = openRemoteViewer(target, graphics);
      const read = () => readFile(join(folder, 'arguments'), 'utf8').catch(() => undefined);
      const text = await Promise.race([
        eventually('the viewer has begun', read),
        viewed.then(() => assert.fail('The viewer ended')),
      ]);
      const [dashes, given = '', ...more] = text.trimEnd().split('\n');
      assert.deepEqual([dashes, more], ['--', []]);
      const close = async () => {
        await writeFile(join(folder, 'end'), '');
        await viewed;
        for (const name of ['end', 'arguments']) await rm(join(folder, name));
      };
      return { given, close };
    }

    test('are not shown, and say what they are', async () => {
      using viewer = await viewerOn('local', 'spice');
      viewer.link.show();
      await viewer.sees('no-vnc');
    });

    test('name the package where remote-viewer is missing', async () => {
      const target = await targetOn('local', 'spice');
      process.env['PATH'] = folder;
      const way = {
        address: '127.0.0.1',
        port: 1,
        tlsPort: undefined,
        socket: undefined,
        password: undefined,
      };
      await assert.rejects(openRemoteViewer(target, way), { code: 'no-program', hint: /virt-viewer/u });
    });

    test('of this machine are told to remote-viewer in a private file, which is gone afterwards', async () => {
      await recordViewer();
      const { given, close } = await open('local');
      assert.match(given, /\/display\.vv$/u);
      const file = await readFile(join(folder, 'file'), 'utf8');
      assert.match(file, /^type=spice\nhost=127\.0\.0\.1\nport=\d{5}\npassword=spice-secret$/mu);
      assert.equal(await readFile(join(folder, 'modes'), 'utf8'), '600\n700\n');
      await close();
      await assert.rejects(readFile(given), { code: 'ENOENT' });
      await assert.rejects(readFile(dirname(given)), { code: 'ENOENT' });
    });

    test('of an ssh host are reached through its connection, by a private socket', async () => {
      await recordViewer();
      const { given, close } = await open('ssh');
      const socketPath = /^spice\+unix:\/\/(\/.+)$/u.exec(given)?.[1] ?? assert.fail(given);
      const socket = connectSocket(socketPath);
      // SpiceLinkMess of a main channel without capabilities.
      const hello = Buffer.alloc(16 + 18);
      hello.write('REDQ');
      for (const [at, value] of [
        [4, 2],
        [8, 2],
        [12, 18],
        [30, 18],
      ] as const)
        hello.writeUInt32LE(value, at);
      hello[20] = 1;
      socket.write(hello);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.equal(answer.toString('latin1', 0, 4), 'REDQ');
      socket.destroy();
      await close();
      await assert.rejects(readFile(socketPath), { code: 'ENOENT' });
      assert.equal(ssh.authentications(), 1);
    });

    test('have VNC as well once that was added', async () => {
      const target = await targetOn('local', 'spice');
      const connection = await target.host.connect();
      const ref = await connection.domains.lookupByName('spice');
      const xml = await connection.domains.xml(ref, DomainXml.SECURE | DomainXml.INACTIVE);
      await connection.domains.defineXml(withVnc(xml, { kind: 'socket' }));
      using viewer = await viewerOn('local', 'spice');
      viewer.link.show();
      await viewer.sees('no-vnc');
      await daemon.virsh('destroy', 'spice');
      await daemon.virsh('start', 'spice');
      assert.equal(await viewer.name(), 'QEMU (spice)');
      assert.match(
        await connection.domains.xml(ref, DomainXml.SECURE),
        /spice-secret/u,
        'SPICE is as it was',
      );
    });
  });
});
