import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { Transports } from '../../../../src/client/transport/open.ts';
import { freePort } from '../../../support/free-port.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { childrenOf } from '../../support/processes.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';

const patience = () => AbortSignal.timeout(20_000);

async function answers(port: number): Promise<boolean> {
  const socket = connectSocket({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

suite("A host in a person's ssh config", () => {
  let daemon: PrivateDaemon;
  let server: SshServer;
  let folder: string;
  let forwarded: number;
  let ownChildren: readonly number[];

  before(async () => {
    daemon = await startPrivateDaemon();
    server = await startSshServer();
    forwarded = await freePort();
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-ssh-config-'));
    ownChildren = await childrenOf(process.pid);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid), ownChildren, 'no ssh is left');
    const { stdout } = await execa('ps', ['-eo', 'args']);
    assert.ok(!stdout.includes(`-F ${folder}`), 'neither in the background');
  });

  /** The URI of the host as that config has it. */
  async function uriWith(lines: readonly string[]): Promise<string> {
    const [config, program] = [join(folder, 'config'), join(folder, 'ssh')];
    await writeFile(config, `${lines.join('\n')}\n`);
    await writeFile(program, `#!/bin/sh\nexec ssh -F ${config} "$@"\n`);
    await chmod(program, 0o755);
    return server.uri({ socket: daemon.socket, command: program });
  }

  const local = () => `127.0.0.1:${forwarded}`;
  const CONFIGS: Readonly<Record<string, () => readonly string[]>> = {
    RemoteCommand: () => ['RemoteCommand tmux attach || tmux new', 'RequestTTY yes'],
    LocalForward: () => [`LocalForward ${local()} 127.0.0.1:22`, 'ExitOnForwardFailure yes'],
    RemoteForward: () => [`RemoteForward ${local()} 127.0.0.1:22`],
    DynamicForward: () => [`DynamicForward ${local()}`],
    StdinNull: () => ['StdinNull yes'],
    ForkAfterAuthentication: () => ['ForkAfterAuthentication yes'],
    'SessionType none': () => ['SessionType none'],
    'SessionType subsystem': () => ['SessionType subsystem', 'RemoteCommand sftp'],
    RequestTTY: () => ['RequestTTY force', 'EscapeChar %'],
    LocalCommand: () => ['PermitLocalCommand yes', `LocalCommand touch ${folder}/pwned`],
    ControlMaster: () => ['ControlMaster auto', `ControlPath ${folder}/%C`, 'ControlPersist 10m'],
    'Match exec': () => ['Match exec "echo Permission denied; echo no more >&2"', '  RemoteCommand true'],
    'LogLevel QUIET': () => ['LogLevel QUIET', 'VisualHostKey yes'],
    'LogLevel DEBUG3': () => ['LogLevel DEBUG3'],
    'ForwardAgent and X11': () => ['ForwardAgent yes', 'ForwardX11 yes', 'ForwardX11Trusted yes'],
    'all at once': () => [
      'RemoteCommand tmux',
      `LocalForward ${local()} 127.0.0.1:22`,
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'SessionType none',
      'ControlMaster auto',
      `ControlPath ${folder}/%C`,
      'ControlPersist yes',
    ],
  };

  for (const [name, lines] of Object.entries(CONFIGS))
    test(`is reached in spite of ${name}, which opens and starts nothing`, async () => {
      const transports = new Transports();
      try {
        const connection = await connect(await uriWith(['Host *', ...lines()]), patience(), { transports });
        assert.equal(await connection.type(), 'QEMU');
        const port = await connection.dial({ port: server.port }, patience());
        assert.match(String((await once(port.input, 'data'))[0]), /^SSH-2/u);
        port.close();
        const socket = await connection.dial({ path: daemon.socket }, patience());
        socket.close();
        assert.equal(await answers(forwarded), false, 'no port of the person is open');
        await assert.rejects(access(join(folder, 'pwned')));
        connection.close();
        await connection.closed;
      } finally {
        await transports.dispose();
      }
    });

  test('is reached over a jump host', async () => {
    const uri = await uriWith([
      'Host jump',
      '  HostName 127.0.0.1',
      `  Port ${server.port}`,
      `  User ${userInfo().username}`,
      `  IdentityFile "${server.key}"`,
      `  UserKnownHostsFile "${server.knownHosts}"`,
      `  LocalForward ${local()} 127.0.0.1:22`,
      'Host target',
      '  HostName 127.0.0.1',
      '  ProxyJump jump',
    ]);
    const connection = await connect(uri.replace('@127.0.0.1:', '@target:'), patience());
    assert.equal(await connection.type(), 'QEMU');
    assert.equal(await answers(forwarded), false);
    connection.close();
    await connection.closed;
  });
});
