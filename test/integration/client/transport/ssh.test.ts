import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, suite, test } from 'node:test';
import { Host } from '../../../../src/model/inventory/host.ts';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { childrenOf } from '../../support/processes.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';
import { until } from '../../support/until.ts';

const patience = () => AbortSignal.timeout(20_000);

async function program(folder: string, name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

/** A folder of programs that has a shell and nothing else yet. */
async function bareFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-bin-'));
  await chmod(folder, 0o755);
  await symlink('/bin/sh', join(folder, 'sh'));
  return folder;
}

suite('A host over ssh', () => {
  let daemon: PrivateDaemon;
  let server: SshServer;
  let ownChildren: readonly number[];

  before(async () => {
    daemon = await startPrivateDaemon();
    server = await startSshServer();
    ownChildren = await childrenOf(process.pid);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await daemon.dispose();
  });
  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid), ownChildren, 'no ssh is left');
  });

  test('is opened with the key and the host key that the URI names', async () => {
    const connection = await connect(server.uri({ socket: daemon.socket }), patience());
    assert.equal(await connection.type(), 'QEMU');
    assert.ok((await connection.capabilities()).length > 10_000);
    connection.close();
    assert.equal(await connection.closed, undefined);
    // The far side hears of it a moment later.
    for (let tries = 0; (await childrenOf(server.pid)).length > 0; tries++) {
      assert.ok(tries < 100, 'nothing is left on the far side');
      await delay(50);
    }
  });

  test('has events like any other', async () => {
    const uri = server.uri({ socket: daemon.socket });
    const host = new Host({ name: 'far', uri, origin: 'configured' });
    try {
      const connection = await host.connect();
      await daemon.defineTinyOs('far-guest');
      await until(host, () => host.domains.size === 1);
      host.disconnect();
      await connection.closed;
    } finally {
      host.disconnect();
      await daemon.virsh('undefine', 'far-guest');
    }
  });

  test('outlives the signal of the attempt', async () => {
    const abort = new AbortController();
    const connection = await connect(server.uri({ socket: daemon.socket }), abort.signal);
    abort.abort();
    assert.equal(await connection.type(), 'QEMU');
    connection.close();
    await connection.closed;
  });

  test('is told from an impostor: an unknown host key', async () => {
    const uri = server.uri({ socket: daemon.socket, known_hosts: join(server.folder, 'empty') });
    await assert.rejects(connect(uri, patience()), {
      code: 'host-key',
      message: /127\.0\.0\.1 is not known/,
    });
  });

  test('is told from an impostor: a host key that changed', async () => {
    const changed = join(server.folder, 'changed');
    const otherKey = await readFile(`${server.wrongKey}.pub`, 'utf8');
    await writeFile(changed, `[127.0.0.1]:${server.port} ${otherKey}`);
    const uri = server.uri({ socket: daemon.socket, known_hosts: changed });
    await assert.rejects(connect(uri, patience()), { code: 'host-key', message: /has changed/ });
  });

  test('that does not accept the key', async () => {
    const uri = server.uri({ socket: daemon.socket, keyfile: server.wrongKey });
    await assert.rejects(connect(uri, patience()), { code: 'authentication', hint: /ssh-copy-id/ });
  });

  test('whose port is closed', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const uri = server.uri({ socket: daemon.socket }).replace(`:${server.port}/`, `:${port}/`);
    await assert.rejects(connect(uri, patience()), { code: 'refused' });
  });

  test('whose name nobody knows', async () => {
    await assert.rejects(connect('qemu+ssh://no-such-host.invalid/system', patience()), {
      code: 'unknown-host',
    });
  });

  test('without a daemon', async () => {
    const uri = server.uri({ socket: '/no/such/socket' });
    await assert.rejects(connect(uri, patience()), { code: 'no-daemon', message: /127\.0\.0\.1/ });
  });

  test('that says nothing, until somebody gives up', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const uri = server.uri({ socket: daemon.socket }).replace(`:${server.port}/`, `:${port}/`);
    const host = new Host({ name: 'silent', uri, origin: 'configured' });
    try {
      const attempt = assert.rejects(host.connect(), { name: 'AbortError' });
      const [socket] = (await once(silent, 'connection')) as [Socket];
      const ended = once(socket.resume(), 'close');
      host.disconnect();
      await attempt;
      await ended;
    } finally {
      host.disconnect();
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  test('with neither the helper nor nc', async () => {
    const path = await bareFolder();
    const bare = await startSshServer({ path });
    try {
      await assert.rejects(connect(bare.uri(), patience()), { code: 'no-helper', hint: /netcat-openbsd/ });
    } finally {
      await bare[Symbol.asyncDispose]();
      await rm(path, { recursive: true });
    }
  });

  for (const [name, script, message] of [
    [
      'without -U',
      `echo "nc: invalid option -- 'U'" >&2; exit 1`,
      /^The nc of 127\.0\.0\.1 cannot reach unix/u,
    ],
    [
      'that takes the path for a host',
      'echo "$2: forward host lookup failed: Unknown host" >&2; exit 1',
      /cannot reach unix/u,
    ],
    ['that crashes', 'kill -SEGV $$', /^nc on 127\.0\.0\.1 ended/u],
    ['that ends at once', 'exit 1', /^nc on 127\.0\.0\.1 ended without a message/u],
    ['that repeats what it is given', 'cat; exit 1', undefined],
  ] as const)
    test(`with an nc ${name}`, async () => {
      const path = await bareFolder();
      await symlink('/bin/cat', join(path, 'cat'));
      await program(path, 'nc', script);
      const odd = await startSshServer({ path });
      try {
        await assert.rejects(connect(odd.uri(), patience()), (error: Error & { hint?: string }) => {
          if (message === undefined) return true;
          assert.match(error.message, message);
          assert.match(error.hint ?? '', /netcat-openbsd/u);
          return true;
        });
      } finally {
        await odd[Symbol.asyncDispose]();
        await rm(path, { recursive: true });
      }
    });

  test('with the helper: it is asked for the driver and carries the bytes', async () => {
    const path = await bareFolder();
    const asked = join(path, 'asked');
    await program(path, 'virt-ssh-helper', `echo "$@" >'${asked}'; exec /usr/bin/nc -U '${daemon.socket}'`);
    const helped = await startSshServer({ path });
    try {
      const connection = await connect(helped.uri(), patience());
      assert.equal(await connection.type(), 'QEMU');
      connection.close();
      await connection.closed;
      assert.equal(await readFile(asked, 'utf8'), `qemu://${new URL(helped.uri()).pathname}\n`);
    } finally {
      await helped[Symbol.asyncDispose]();
      await rm(path, { recursive: true });
    }
  });

  test('whose sshd ends says that the connection was lost', async () => {
    const mortal = await startSshServer();
    try {
      const connection = await connect(mortal.uri({ socket: daemon.socket }), patience());
      const sessions = await childrenOf(mortal.pid);
      // A server that is not root's hands the connection to another process of its own.
      const inner = (await Promise.all(sessions.map(childrenOf))).flat();
      for (const pid of [...inner, ...sessions]) killIfThere(pid);
      const reason = await connection.closed;
      assert.ok(reason !== undefined && 'code' in reason && reason.code === 'lost', String(reason));
      await assert.rejects(connection.hostname(), { name: 'ConnectionClosedError' });
    } finally {
      await mortal[Symbol.asyncDispose]();
    }
  });
});

/** One that served the other may end with it. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}
