import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectSocket, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Connection, connect } from '../../../../src/client/libvirt/connect.ts';
import type { Channel } from '../../../../src/client/rpc/channel.ts';
import type { HostAddress } from '../../../../src/client/transport/dial.ts';
import { freePort } from '../../../support/free-port.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';

const patience = () => AbortSignal.timeout(20_000);
const DATA = randomBytes(3 * 1024 * 1024 + 7);

/** Sends back what it gets and hangs up when there is no more. */
async function startEcho(path?: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  if (path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  return server;
}

async function throughEcho({ input, output, closed }: Channel): Promise<string> {
  const digest = createHash('sha256');
  input.on('data', (chunk: Buffer) => digest.update(chunk));
  output.end(DATA);
  await once(input, 'end');
  assert.equal(await closed, undefined, 'its end is no loss');
  return digest.digest('hex');
}

const expected = createHash('sha256').update(DATA).digest('hex');

suite('What listens on a host', () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let folder: string;
  let tcp: Server;
  let unix: Server;
  let port: number;
  let path: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    ssh = await startSshServer();
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-dial '));
    path = join(folder, "it's a socket");
    tcp = await startEcho();
    ({ port } = tcp.address() as AddressInfo);
    unix = await startEcho(path);
  });
  after(async () => {
    tcp?.close();
    unix?.close();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  for (const kind of ['local', 'ssh'] as const)
    suite(`of a ${kind} host`, () => {
      let connection: Connection;

      before(async () => {
        const uri = kind === 'local' ? daemon.uri : ssh.uri({ socket: daemon.socket });
        connection = await connect(uri, patience());
      });
      after(() => connection?.close());

      test('is reached at a port and at a socket, and loses no byte', async () => {
        const [overTcp, overUnix] = await Promise.all([
          connection.dial({ port }, patience()),
          connection.dial({ path }, patience()),
        ]);
        assert.deepEqual(await Promise.all([throughEcho(overTcp), throughEcho(overUnix)]), [
          expected,
          expected,
        ]);
      });

      test('is reached by programs over a private socket here, for as long as that is wanted', async () => {
        const errors: Error[] = [];
        const local = await connection.openLocalSocket({ port }, (error) => errors.push(error));
        assert.equal((await stat(dirname(local.path))).mode & 0o777, 0o700);
        const socket = connectSocket({ path: local.path, allowHalfOpen: true });
        const closed = once(socket, 'close').then(() => undefined);
        const channel = { input: socket, output: socket, closed, close: () => socket.destroy() };
        assert.equal(await throughEcho(channel), expected);
        const lingering = connectSocket({ path: local.path });
        lingering.write('x');
        await once(lingering, 'data');
        await Promise.all([once(lingering, 'close'), local.dispose()]);
        await assert.rejects(stat(dirname(local.path)), { code: 'ENOENT' });
        assert.deepEqual(errors, []);
      });

      test('is told to be absent in one sentence', async () => {
        const absent: HostAddress[] = [{ port: await freePort() }, { path: join(folder, 'absent') }];
        for (const to of absent) {
          const failure = await connection.dial(to, patience()).then(
            ({ closed, input }) => {
              input.resume();
              return closed;
            },
            (error: unknown) => error,
          );
          assert.ok(failure instanceof Error);
          assert.match(failure.message, /^Nothing listens at .*(:\d+|absent)/u);
        }
      });

      test('has folders whose small files are read, and no more than is wanted of them', async () => {
        const files = join(folder, "it's files");
        await mkdir(files, { recursive: true });
        await writeFile(join(files, 'one.rng'), '<grammar/>\n');
        await writeFile(join(files, 'two words.rng'), 'ä\n');
        await writeFile(join(files, '-n.rng'), '');
        await writeFile(join(files, 'other.txt'), 'not this');
        await mkdir(join(files, 'folder.rng'), { recursive: true });
        const query = { folder: files, ending: '.rng', maxBytes: 1000 };
        assert.deepEqual([...(await connection.readHostFolder(query, patience()))].toSorted(), [
          ['-n.rng', ''],
          ['one.rng', '<grammar/>\n'],
          ['two words.rng', 'ä\n'],
        ]);
        await assert.rejects(connection.readHostFolder({ ...query, maxBytes: 5 }, patience()), {
          code: 'protocol',
        });
        await assert.rejects(connection.readHostFolder({ ...query, folder: '/nowhere' }, patience()));
      });

      test('is never taken from an address that is none', async () => {
        for (const to of [
          { path: '-o' },
          { path: '/a\nb' },
          { port: 0 },
          { port: 22, address: '-oProxyCommand=x' },
        ])
          await assert.rejects(connection.dial(to, patience()), { code: 'bad-uri' });
      });
    });

  test('of an ssh host takes one authentication, whatever goes there', () => {
    assert.equal(ssh.authentications(), 1);
  });
});
